import * as z from 'zod/mini';
import { parseSlot, slotText } from '../../audit/slot.ts';
import { tallyRun } from '../../audit/tally-run.ts';
import { err, ok } from '../../domain/result.ts';
import { cursorParameter, limitParameter } from '../list-query.ts';
import { route } from '../route.ts';
import { notFound } from '../shared-problems.ts';
import { parseSlotId, toRunView } from '../to-run-view.ts';
import { visibleRun } from '../visible.ts';

const Position = z.object({ slot: z.string() });

export const listRunsRoute = route({
  operationId: 'listRuns',
  method: 'get',
  path: '/v1/runs',
  tag: 'runs',
  summary: 'Runs of scans and pulses, the newest first; those of accounts that you may not see are left out of a page',
  access: 'read',
  query: z.strictObject({ limit: limitParameter, cursor: cursorParameter }),
  response: {
    status: 200,
    description: 'A page of runs',
  },
  problems: ['invalid-cursor'],
  async handle({ query: { limit, cursor }, caller }, { runs, cursors }) {
    const scope = { operationId: 'listRuns', filter: {}, caller };
    const after = cursor === undefined ? ok(undefined) : await cursors.open(scope, cursor, Position);
    if (!after.ok) {
      return after;
    }
    const before = after.value === undefined ? undefined : parseSlot(after.value.slot);
    const slots = await runs.listRuns({ limit: limit + 1, ...(before === undefined ? {} : { before }) });
    const page = slots.slice(0, limit);
    const last = slots.length > limit ? page.at(-1) : undefined;
    const read = await Promise.all(page.map((slot) => runs.readRun(slot)));
    return ok({
      nextCursor: last === undefined ? null : await cursors.seal(scope, { slot: slotText(last) }),
      items: read
        .map((run) => (run === undefined ? undefined : visibleRun(tallyRun(run), caller.accountIds)))
        .filter((run) => run !== undefined)
        .map(toRunView),
    });
  },
});

export const getRun = route({
  operationId: 'getRun',
  method: 'get',
  path: '/v1/runs/{slot}',
  tag: 'runs',
  summary: 'One run: what it set out to look at, what came of it, and each call that failed',
  access: 'read',
  params: z.strictObject({
    slot: z.string().check(z.maxLength(300), z.describe('the slot of a run, such as scan~2026-11-23T08:00:00.000Z')),
  }),
  response: { status: 200, description: 'The run' },
  problems: ['not-found'],
  async handle({ params: { slot: slotId }, caller }, { runs }) {
    const slot = parseSlotId(slotId);
    const run = slot === undefined ? undefined : await runs.readRun(slot);
    const seen = run === undefined ? undefined : visibleRun(tallyRun(run), caller.accountIds);
    return seen === undefined ? err(notFound('run', slotId)) : ok(toRunView(seen));
  },
});
