import type { Queues } from '../../../lib/local/service/queues.ts';
import type { FakeClock } from '../../aws/fake-clock.ts';

/** Moves the clock from one message's time to the next until none is left. */
export async function drain(queues: Queues, clock: FakeClock): Promise<void> {
  for (let nextAtMs = await queues.settled(); nextAtMs !== undefined; nextAtMs = await queues.settled()) {
    await clock.advance(Math.max(0, nextAtMs - clock.now()));
  }
}
