import * as z from 'zod/mini';
import type { AuditValues } from '../../audit/audit-trail-ports.ts';
import { endSilence } from '../../audit/end-silence.ts';
import { recordChange } from '../../audit/record-change.ts';
import { writeSilence } from '../../audit/write-silence.ts';
import type { Silence } from '../../domain/alert/silence.ts';
import type { Instant } from '../../domain/fact.ts';
import { instantMs } from '../../domain/instant.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { WriteRoutePorts } from '../api-ports.ts';
import { madeIdOf } from '../idempotency-key.ts';
import { invalidBody } from '../parse-fields.ts';
import type { Problem } from '../problem.ts';
import { route } from '../route.ts';
import { notFound } from '../shared-problems.ts';
import { SilenceRequest, type SilenceView, silenceMatchOf, toSilenceView } from '../silence-view.ts';
import { accountIdsOfSilence, isVisibleSilence, visibleSilences } from '../visible-silences.ts';

export const createSilenceRoute = route({
  operationId: 'createSilence',
  method: 'post',
  path: '/v1/silences',
  tag: 'silences',
  summary: 'Keep alerts from being told for a time; with the same Idempotency-Key once, however often it is asked',
  access: 'write',
  takesIdempotencyKey: true,
  body: SilenceRequest,

  response: { status: 201, description: 'The silence' },
  problems: ['idempotency-key-reused'],
  async handle({ body, caller, header }, ports) {
    const match = silenceMatchOf(body);
    if (!isVisibleSilence(match, caller.accountIds)) {
      return err({
        code: 'not-permitted',
        detail: 'Cannot silence this: who sees some accounts only may silence these accounts and their clusters',
      });
    }
    const now = instantOf(ports);
    const silenceId = madeIdOf({ caller, header }, ports.newId);
    const wanted = {
      silenceId,
      match,
      from: body.from ?? now,
      until: body.until,
      author: caller.name,
      reason: body.reason,
    };
    const known = (await ports.silences.readSilences()).find((silence) => silence.silenceId === silenceId);
    if (known !== undefined) {
      return isSame(known, { ...wanted, from: body.from ?? known.from })
        ? ok(toSilenceView(known, now))
        : err({
            code: 'idempotency-key-reused',
            detail: 'Cannot silence this: "Idempotency-Key" was used for another silence; use another key',
          });
    }
    return write(wanted, ports);
  },
});

async function write(wanted: Silence, ports: WriteRoutePorts): Promise<Result<SilenceView, Problem>> {
  const now = () => instantOf(ports);
  const result = await recordChange(
    {
      by: wanted.author,
      action: 'silence-written',
      resourceId: wanted.silenceId,
      accountIds: accountIdsOfSilence(wanted.match),
    },
    async () => {
      const written = await writeSilence(wanted, { silences: ports.silences, now });
      const after = written.outcome === 'written' ? valuesOf(written.silence) : undefined;
      return { isDone: after !== undefined, before: undefined, after, result: written };
    },
    { auditTrail: ports.auditTrail, newId: ports.newId, now },
  );
  if (result.outcome === 'written') {
    return ok(toSilenceView(result.silence, now()));
  }
  return err(invalidBody(result.problems));
}

export const endSilenceRoute = route({
  operationId: 'endSilence',
  method: 'delete',
  path: '/v1/silences/{silenceId}',
  tag: 'silences',
  summary: 'End a silence now',
  access: 'write',
  params: z.strictObject({
    silenceId: z
      .string()
      .check(z.regex(/^[\w-]{1,64}$/), z.describe('the id of a silence: letters, digits, "_" and "-"')),
  }),
  response: { status: 204, description: 'It has ended', isEmpty: true },
  problems: ['not-found'],
  async handle({ params: { silenceId }, caller }, ports) {
    const now = () => instantOf(ports);
    const silence = (await visibleSilences(caller.accountIds, ports)).find((one) => one.silenceId === silenceId);
    if (silence === undefined) {
      return err(notFound('silence', silenceId));
    }
    await recordChange(
      {
        by: caller.name,
        action: 'silence-ended',
        resourceId: silenceId,
        accountIds: accountIdsOfSilence(silence.match),
      },
      async () => {
        const result = await endSilence(silenceId, { silences: ports.silences, now });
        const isDone = result.outcome === 'ended';
        return { isDone, before: valuesOf(silence), after: isDone ? undefined : valuesOf(silence), result };
      },
      { auditTrail: ports.auditTrail, newId: ports.newId, now },
    );
    return ok(undefined);
  },
});

function valuesOf(silence: Silence): AuditValues {
  const { match, from, until, author, reason } = silence;
  return new Map([
    ['match', JSON.stringify(match)],
    ['from', from],
    ['until', until],
    ['author', author],
    ['reason', reason],
  ]);
}

function isSame(known: Silence, wanted: Silence): boolean {
  return (
    JSON.stringify(known.match) === JSON.stringify(wanted.match) &&
    instantMs(known.from) === instantMs(wanted.from) &&
    instantMs(known.until) === instantMs(wanted.until) &&
    known.reason === wanted.reason
  );
}

function instantOf({ now }: Pick<WriteRoutePorts, 'now'>): Instant {
  return new Date(now()).toISOString();
}
