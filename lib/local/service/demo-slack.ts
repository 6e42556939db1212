import type { SlackSettings } from '../../settings/notification-settings.ts';
import { DEMO_ACCOUNT_IDS } from '../simulated-aws/demo-organization.ts';

/** Where the simulated organisation would be told in Slack, unless the settings say otherwise. */
export const DEMO_SLACK: SlackSettings = {
  defaultChannel: '#platform',
  routes: [
    { match: { account: DEMO_ACCOUNT_IDS.payments }, channel: '#payments' },
    { match: { account: DEMO_ACCOUNT_IDS.logistics }, channel: '#logistics' },
  ],
  quietHours: [],
  mentions: [{ mention: 'here' }],
  writers: [],
  webhooks: [],
  digestAt: '08:00',
  timeZone: 'UTC',
};
