import * as z from 'zod/mini';
import { ok } from '../../domain/result.ts';
import { cursorParameter, limitParameter } from '../list-query.ts';
import { type EventPosition, readEvents } from '../read-events.ts';
import { route } from '../route.ts';

const Position: z.ZodMiniType<EventPosition> = z.object({ at: z.string(), eventId: z.string() });
/** What is dated is written within this, by clocks that differ by less: what is younger is told the next time. */
const SETTLED_MS = 10_000;
/** Whoever does not say where to begin is told of the last hour. */
const LOOK_BACK_MS = 3_600_000;

export const listEventsRoute = route({
  operationId: 'listEvents',
  method: 'get',
  path: '/v1/events',
  tag: 'events',
  summary:
    'Transitions of alerts and progress of runs, the oldest first; as a stream of events where Accept asks for one',
  access: 'read',
  isFollowed: true,
  query: z.strictObject({
    after: cursorParameter.check(z.describe('the nextCursor of the answer before; the last hour where it is left out')),
    limit: limitParameter,
  }),
  response: {
    status: 200,
    description: 'Events; with `Accept: text/event-stream`, on one machine, they are sent as they happen',
  },
  problems: ['invalid-cursor'],
  async handle({ query: { after: cursor, limit }, caller }, ports) {
    const scope = { operationId: 'listEvents', filter: {}, caller };
    const given = cursor === undefined ? ok(undefined) : await ports.cursors.open(scope, cursor, Position);
    if (!given.ok) {
      return given;
    }
    const beforeMs = ports.now() - SETTLED_MS;
    const before = new Date(beforeMs).toISOString();
    const after = given.value ?? { at: new Date(beforeMs - LOOK_BACK_MS).toISOString(), eventId: '' };
    const events = await readEvents({ after, before, visible: caller.accountIds }, ports);
    const items = events.slice(0, limit);
    const last = items.at(-1);
    const next = events.length > limit && last !== undefined ? last : { at: before, eventId: '' };
    return ok({
      // A clock that was set back begins nothing anew.
      nextCursor: await ports.cursors.seal(scope, positionOf(next.at < after.at ? after : next)),
      items,
    });
  },
});

function positionOf({ at, eventId }: EventPosition): EventPosition {
  return { at, eventId };
}
