import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../lib/domain/alert/alert.ts';
import { aTransition, SAMPLE_ALERTS, SAMPLE_MESSAGES, SETTING } from '../../../lib/local/service/slack-samples.ts';
import { alertMessage, transitionMessage } from '../../../lib/notify/slack/alert-message.ts';
import type { SlackMessage } from '../../../lib/notify/slack/block-kit.ts';
import { foldMessage } from '../../../lib/notify/slack/list-messages.ts';
import { markRepeated } from '../../../lib/notify/slack/mark-repeated.ts';
import { anAlert, aPending } from '../../domain/alert/an-alert.ts';
import { expectGolden } from '../../helpers/golden.ts';
import { blockKitProblems } from './block-kit-problems.ts';

function wordsOf(message: SlackMessage): string {
  return JSON.stringify(message);
}

const hostileText = fc.oneof(
  fc.constantFrom('&'.repeat(5_000), '"'.repeat(5_000), '\u202e'.repeat(5_000), '😀'.repeat(5_000)),
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.string({
    unit: fc.constantFrom('<', '>', '&', '`', '*', '_', '~', '|', '\n', '!', '@', 'a', '\ud800', '\u202e', '😀'),
    maxLength: 5_000,
  }),
);

function hostileAlert(text: string): Alert {
  const [reason] = anAlert().what.reasons;
  return anAlert({
    subject: { kind: 'cluster', clusterId: text, clusterName: text },
    where: {
      accountName: text,
      accountId: text,
      accountIds: Array.from({ length: 30 }, () => text),
      region: text,
      vpcName: text,
      team: text,
      zones: Array.from({ length: 6 }, () => ({ availabilityZone: text, availabilityZoneId: text })),
      clusters: Array.from({ length: 30 }, () => ({ clusterId: text, clusterName: text })),
      subnets: [{ subnetId: 'subnet-0a', name: text, cidrBlock: text }],
    },
    what: {
      reasons: Array.from({ length: 30 }, () => reason).flatMap((one) => (one === undefined ? [] : [{ ...one, text }])),
      drivers: Array.from({ length: 30 }, () => ({ kind: 'holder' as const, resourceId: text, text })),
      change: { kind: 'add-subnet', text },
    },
  });
}

describe('every kind of message', () => {
  it.each(Object.entries(SAMPLE_MESSAGES))('%s is what its golden file shows, and Slack takes it', (name, message) => {
    expect(blockKitProblems(message)).toEqual([]);
    expectGolden(`slack/${name}.json`, `${JSON.stringify(message, undefined, 2)}\n`);
  });

  it('keeps every limit whatever names and sentences hold', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const alert = hostileAlert(text);
        // More than a message has blocks.
        const many = Array.from({ length: 60 }, () => aPending(alert));
        const fold = {
          kind: 'fold',
          alertKind: 'exhaustion',
          type: 'opened',
          cause: text,
          since: text,
          alerts: many,
        } as const;
        const messages = [
          alertMessage(alert, SETTING, { kind: 'here' }),
          transitionMessage(aTransition(alert, 'changed'), SETTING),
          foldMessage(fold, SETTING, 'root'),
        ];
        expect(messages.flatMap((message) => blockKitProblems(markRepeated(message)))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('would be found to break a limit', () => {
    const text = { type: 'mrkdwn', text: 'x'.repeat(3_001) };
    const broken = [{ type: 'section', text }, ...Array.from({ length: 50 }, () => ({ type: 'divider' }))];
    expect(blockKitProblems({ text: '<!channel> & \u202e', blocks: broken })).toEqual([
      'text: an angle bracket that is not escaped',
      'text: an ampersand that is not escaped',
      'text: an unseen character',
      'blocks: 51 of them',
      'blocks/0/text: 3001 characters',
    ]);
  });
});

describe('a message of an alert', () => {
  it('says what, where, how bad, when with its interval, why, what helps and since when', () => {
    const words = wordsOf(alertMessage(SAMPLE_ALERTS.exhaustion, SETTING));
    for (const part of [
      'Critical: addresses run out',
      '`111122223333`',
      '`us-east-1a (use1-az1)`',
      '20 addresses free',
      'comes down to 18 addresses between 2026-11-28 and 2026-12-14 with 80 % probability, most likely 2026-12-03; within 30 days with more than 99 %',
      '12 addresses in use that no network interface shows',
      'add a subnet of /22',
      'since 2026-11-23 08:00 UTC, 4 hours 5 minutes ago',
      'some days were not seen; something changed lately',
    ]) {
      expect(words).toContain(part);
    }
  });

  it('never tells a lone date', () => {
    expect(wordsOf(alertMessage(SAMPLE_ALERTS['exhaustion of blocks'], SETTING))).toContain(
      'runs out of /28 blocks not before 2027-01-02, and by 2027-05-22 with less than 50 % probability; within 30 days with less than 1 %',
    );
  });

  it('names blocks where these run out first, how many are left and how old that is, beside a forecast of addresses', () => {
    const words = wordsOf(alertMessage(SAMPLE_ALERTS['exhaustion of blocks without a forecast'], SETTING));
    for (const part of [
      'Warning: /28 blocks run out in private-a',
      '`subnet-0a` has 1 of 14 /28 blocks free, counted from the network interfaces as of 2026-11-23 07:00 UTC, 5 hours 5 minutes ago',
      '`subnet-0a` comes down to 13 addresses between 2026-11-28 and 2026-12-14 with 80 % probability',
      '; no forecast of /28 blocks yet: 2 of 3 days with at least 18 hours counted since 2026-11-21',
    ]) {
      expect(words).toContain(part);
    }
  });

  it.each([
    [
      { missingHistory: 'no forecast of /28 blocks yet: 0 of 3 days' },
      'has no forecast of /28 blocks yet: 0 of 3 days',
    ],
    // As it was kept before it was told.
    [{}, 'has no forecast: less than 3 days of history'],
  ])('says why it has no forecast at all: %j', (missing, text) => {
    const [p10, p50, p90] = [undefined, undefined, undefined];
    const dates = { p10, p50, p90, censoredAt: undefined, probability: [] };
    const forecast = {
      subnetId: 'subnet-0a',
      series: 'blocks',
      floor: 0,
      ...dates,
      caveats: ['insufficient-history'],
      ...missing,
    } as const;
    const alert = anAlert({ what: { forecast } });
    expect(wordsOf(alertMessage(alert, SETTING))).toContain(`\`subnet-0a\` ${text}"`);
    expect(wordsOf(alertMessage(alert, SETTING))).toContain('/28 blocks run out');
  });

  it('asks nothing of an alert that is closed', () => {
    const words = wordsOf(alertMessage(aTransition(SAMPLE_ALERTS.exhaustion, 'resolved').alert, SETTING));
    expect(words).toContain('It was open for 4 hours');
    expect(words).not.toContain('Snooze');
    expect(words).toContain('open-page');
  });
});

describe('a list', () => {
  it('says how many it left out', () => {
    const { blocks } = SAMPLE_MESSAGES['fold'] ?? { blocks: [] };
    const shown = blocks.filter((block) => block.type === 'section').length - 1;
    expect(shown).toBeGreaterThan(10);
    expect(JSON.stringify(blocks)).toContain(`… and ${120 - shown} alerts more that do not fit here`);
  });
});
