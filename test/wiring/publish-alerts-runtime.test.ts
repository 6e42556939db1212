import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAwsPublishAlerts } from '../../lib/wiring/publish-alerts-runtime.ts';
import { readSettings } from '../../lib/wiring/read-settings.ts';
import { settingsDocument } from '../settings/settings-document-of.ts';

const TOPIC_ARN = 'arn:aws:sns:eu-west-1:111122223333:alerts';

describe('what publish-alerts is composed of', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'elbowroom-publish-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function portsOf(notifications: string, more: Readonly<Record<string, string>> = {}): Promise<string[]> {
    const path = join(folder, 'settings.json');
    await writeFile(path, settingsDocument(`notifications: ${notifications}\n`));
    const runtime = createAwsPublishAlerts({ TABLE_NAME: 'elbowroom', ...more }, await readSettings(path));
    const { eventBus, email } = runtime.ports;
    return [eventBus, email].flatMap((one) => one?.subscriber ?? []);
  }

  it.each([
    ['{}', []],
    ['{ slack: {} }', []],
    ['{ eventBus: true }', ['event-bus']],
    ['{ email: true }', ['email']],
    ['{ eventBus: true, email: true }', ['event-bus', 'email']],
  ])('of settings that say %s is %j', async (notifications, subscribers) => {
    expect(await portsOf(notifications, { MAIL_TOPIC_ARN: TOPIC_ARN })).toEqual(subscribers);
  });

  it('says what to set where mails are wanted and no topic is named', async () => {
    await expect(portsOf('{ email: true }')).rejects.toThrow(
      'Cannot start publish-alerts: MAIL_TOPIC_ARN is not set, but the settings say "notifications.email: true"',
    );
    expect(await portsOf('{ eventBus: true }')).toEqual(['event-bus']);
  });
});
