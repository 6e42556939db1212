import { afterEach, describe, expect, it, vi } from 'vitest';
import { handler as api } from '../../functions/api.ts';
import { handler as apiWrites } from '../../functions/api-writes.ts';
import { handler as judgeVpc } from '../../functions/judge-vpc.ts';
import { handler as notifySlack } from '../../functions/notify-slack.ts';
import { handler as planScan } from '../../functions/plan-scan.ts';
import { handler as publishAlerts } from '../../functions/publish-alerts.ts';
import { handler as pulseTarget } from '../../functions/pulse-target.ts';
import { handler as rollUpFleet } from '../../functions/roll-up-fleet.ts';
import { handler as scanTarget } from '../../functions/scan-target.ts';

const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 60_000 };

afterEach(() => vi.unstubAllEnvs());

describe('the handlers that Lambda calls', () => {
  it.each([
    ['plan-scan', planScan, ['TABLE_NAME', 'SCAN_QUEUE_URL', 'PULSE_QUEUE_URL', 'ROLE_NAME', 'EXTERNAL_ID']],
    ['scan-target', scanTarget, ['TABLE_NAME', 'SCAN_QUEUE_URL', 'JUDGE_QUEUE_URL', 'ROLE_NAME', 'EXTERNAL_ID']],
    ['pulse-target', pulseTarget, ['TABLE_NAME', 'JUDGE_QUEUE_URL', 'ROLE_NAME', 'EXTERNAL_ID']],
    ['judge-vpc', judgeVpc, ['TABLE_NAME']],
    ['roll-up-fleet', rollUpFleet, ['TABLE_NAME']],
    ['notify-slack', notifySlack, ['TABLE_NAME', 'SECRETS_PATH']],
    ['publish-alerts', publishAlerts, ['TABLE_NAME']],
    ['api', api, ['TABLE_NAME', 'SECRETS_PATH']],
    ['api-writes', apiWrites, ['TABLE_NAME', 'SCAN_QUEUE_URL', 'SECRETS_PATH']],
  ] as const)('%s names every variable that it lacks', async (name, handler, variables) => {
    for (const variable of variables) {
      vi.stubEnv(variable, undefined);
    }
    const reason = await handler({ Records: [] }, context).catch((cause: unknown) => String(cause));
    const named = String(reason).match(/Cannot read [A-Z_]+: it is not set/g) ?? [];
    expect(reason).toContain(`Cannot start ${name}: Cannot read TABLE_NAME: it is not set, expected the name of`);
    expect(named.map((text) => text.split(/ |:/)[2])).toEqual([...variables]);
  });
});
