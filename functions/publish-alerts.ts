import { TellAlertsMessage } from '../events/tell-alerts.ts';
import { publishAlerts } from '../lib/audit/publish-alerts.ts';
import { createAwsPublishAlerts, type PublishAlertsRuntime } from '../lib/wiring/publish-alerts-runtime.ts';
import { scheduledFunction } from '../lib/wiring/scheduled-function.ts';
import { underSettings } from '../lib/wiring/under-settings.ts';

/** Puts transitions of alerts on the event bus, and sends them by mail. */
export function createPublishAlertsHandler({ ports, ...runtime }: PublishAlertsRuntime) {
  return scheduledFunction({
    ...runtime,
    name: 'publish-alerts',
    schema: TellAlertsMessage,
    run: (_, { deadlineMs }) => publishAlerts(ports, deadlineMs),
  });
}

export const handler = underSettings('publish-alerts', process.env, async (settings) =>
  createPublishAlertsHandler(createAwsPublishAlerts(process.env, settings)),
);
