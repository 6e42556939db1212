import { SNSClient } from '@aws-sdk/client-sns';
import type { PublishAlertsPorts } from '../audit/publish-alerts.ts';
import type { TellAlertsPorts } from '../audit/tell-alerts.ts';
import type { Clock } from '../aws/clock.ts';
import { deliverMail } from '../notify/email/deliver-mail.ts';
import { createTransitionPublisher } from '../notify/event-bus/transition-publisher.ts';
import { alertUrl } from '../settings/alert-url.ts';
import type { Settings } from '../settings/settings.ts';
import { subscribersOf } from '../settings/subscribers-of.ts';
import { createAlertStore } from '../store/alert-store.ts';
import { createLeaseStore } from '../store/lease-store.ts';
import { createSilenceReader } from '../store/silence-store.ts';
import { createAwsEventBus } from './aws-event-bus.ts';
import { createAwsTable } from './aws-table.ts';
import { createFunctionRuntime, type Environment, type FunctionRuntime } from './function-runtime.ts';
import { createOwnRequestHandler } from './own-request-handler.ts';

export interface PublishAlertsRuntime extends FunctionRuntime {
  readonly ports: PublishAlertsPorts;
}

/** The SDK's own number; what fails then comes again with the next sweep. */
const ATTEMPTS_MAX = 3;

/** Composes publish-alerts in AWS: it needs the table, and the bus and the topic as far as the settings want them. */
export function createAwsPublishAlerts(environment: Environment, settings: Settings): PublishAlertsRuntime {
  const { telemetry, clock, config } = createFunctionRuntime('publish-alerts', environment, [
    'TABLE_NAME',
    'BUS_NAME',
    'MAIL_TOPIC_ARN',
  ]);
  const table = createAwsTable(config.TABLE_NAME);
  const kept = { alerts: createAlertStore(table), silences: createSilenceReader(table), clock };
  const subscribers = subscribersOf(settings);
  const urlOf = (alertId: string) => alertUrl(settings, alertId);
  const bus = { clock, busName: config.BUS_NAME, attemptsMax: ATTEMPTS_MAX };
  return {
    telemetry,
    clock,
    ports: {
      leases: createLeaseStore(table),
      clock,
      ...(subscribers.includes('event-bus')
        ? {
            eventBus: {
              ...kept,
              subscriber: 'event-bus',
              publish: createTransitionPublisher({ ...createAwsEventBus(bus), alertUrl: urlOf }),
            },
          }
        : {}),
      ...(subscribers.includes('email')
        ? { email: { ...kept, subscriber: 'email', deliver: mailSender(config.MAIL_TOPIC_ARN, clock, urlOf) } }
        : {}),
    },
  };
}

function mailSender(
  topicArn: string | undefined,
  clock: Clock,
  urlOf: (alertId: string) => string | undefined,
): TellAlertsPorts['deliver'] {
  if (topicArn === undefined) {
    throw new Error(
      'Cannot start publish-alerts: MAIL_TOPIC_ARN is not set, but the settings say "notifications.email: true"',
    );
  }
  const client = new SNSClient({ requestHandler: createOwnRequestHandler(), maxAttempts: ATTEMPTS_MAX });
  // It deep-copies every answer for a logger that is not there.
  client.middlewareStack.remove('loggerMiddleware');
  const setting = () => ({ now: new Date(clock.now()).toISOString(), alertUrl: urlOf });
  return (notification) => deliverMail(notification, { client, topicArn, setting });
}
