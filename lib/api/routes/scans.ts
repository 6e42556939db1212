import * as z from 'zod/mini';
import { recordChange } from '../../audit/record-change.ts';
import { requestScan } from '../../audit/request-scan.ts';
import { tallyRun } from '../../audit/tally-run.ts';
import { targetText } from '../../audit/target-text.ts';
import { err, ok } from '../../domain/result.ts';
import { madeIdOf } from '../idempotency-key.ts';
import { ACCOUNT_ID, REGION } from '../resource-ids.ts';
import { route } from '../route.ts';
import { toRunView } from '../to-run-view.ts';
import { visibleRun } from '../visible.ts';

export const requestScanRoute = route({
  operationId: 'requestScan',
  method: 'post',
  path: '/v1/scans',
  tag: 'runs',
  summary: 'Scan one account in one region now; with the same Idempotency-Key once, however often it is asked',
  access: 'write',
  takesIdempotencyKey: true,
  body: z.strictObject({
    accountId: ACCOUNT_ID.check(z.describe('12 digits')),
    region: REGION.check(z.describe('Such as us-east-1')),
  }),

  response: {
    status: 202,
    description: 'The run, which getRun tells more of as it goes on',
  },
  problems: ['not-found'],
  async handle({ body: target, caller, header }, ports) {
    const { accountIds } = caller;
    const detail = `Cannot scan ${targetText(target)}: expected an account and region that the newest scan planned`;
    if (accountIds?.includes(target.accountId) === false) {
      return err({ code: 'not-found', detail });
    }
    const now = () => new Date(ports.now()).toISOString();
    const requestId = madeIdOf({ caller, header }, ports.newId);
    const result = await recordChange(
      {
        by: caller.name,
        action: 'scan-requested',
        resourceId: targetText(target),
        accountIds: [target.accountId],
      },
      async () => {
        const requested = await requestScan({ target, requestId }, { ...ports, now });
        const isDone = requested.outcome === 'requested';
        return { isDone, before: undefined, after: undefined, result: requested };
      },
      { auditTrail: ports.auditTrail, newId: ports.newId, now },
    );
    const run = result.outcome === 'unknown-target' ? undefined : visibleRun(tallyRun(result.run), accountIds);
    return run === undefined ? err({ code: 'not-found', detail }) : ok(toRunView(run));
  },
});
