import { describe, expect, it } from 'vitest';
import { startSchedule } from '../../../lib/local/service/schedule.ts';
import { createFakeClock, settle } from '../../aws/fake-clock.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const START_MS = Date.parse('2026-11-23T08:20:00.000Z');

describe('startSchedule', () => {
  it('runs for the slot under way at once, then at each of its times and not before', async () => {
    const clock = createFakeClock(START_MS);
    const times: string[] = [];
    const schedule = startSchedule({
      clock,
      entries: [{ everyMs: HOUR_MS, run: async (at) => void times.push(at) }],
      onFailure: () => undefined,
    });
    await settle();
    expect(times).toEqual(['2026-11-23T08:00:00.000Z']);
    await clock.advance(40 * MINUTE_MS - 1);
    expect(times).toHaveLength(1);
    await clock.advance(1);
    expect(times).toEqual(['2026-11-23T08:00:00.000Z', '2026-11-23T09:00:00.000Z']);
    await schedule.stop();
    await clock.advance(5 * HOUR_MS);
    expect(times).toHaveLength(2);
    expect(clock.sleeperCount).toBe(0);
  });

  it('goes on after a failure, and says what it was', async () => {
    const clock = createFakeClock(START_MS);
    const failures: unknown[] = [];
    let runCount = 0;
    const schedule = startSchedule({
      clock,
      entries: [
        {
          everyMs: HOUR_MS,
          run: () => {
            runCount += 1;
            return Promise.reject(new Error(`run ${runCount}`));
          },
        },
      ],
      onFailure: (cause) => failures.push(cause),
    });
    await clock.advance(HOUR_MS);
    expect(failures).toEqual([new Error('run 1'), new Error('run 2')]);
    await schedule.stop();
  });

  it('leaves times out while one is running, and never runs an entry twice at once', async () => {
    const clock = createFakeClock(START_MS);
    const times: string[] = [];
    const schedule = startSchedule({
      clock,
      entries: [
        {
          everyMs: 15 * MINUTE_MS,
          run: async (at) => {
            times.push(at);
            if (times.length === 1) {
              await clock.sleep(50 * MINUTE_MS);
            }
          },
        },
      ],
      onFailure: () => undefined,
    });
    await clock.advance(HOUR_MS);
    expect(times).toEqual(['2026-11-23T08:15:00.000Z', '2026-11-23T09:00:00.000Z', '2026-11-23T09:15:00.000Z']);
    await schedule.stop();
  });

  it('waits for what is running when it is stopped', async () => {
    const clock = createFakeClock(START_MS);
    let hasEnded = false;
    const schedule = startSchedule({
      clock,
      entries: [
        {
          everyMs: HOUR_MS,
          run: async () => {
            await clock.sleep(MINUTE_MS);
            hasEnded = true;
          },
        },
      ],
      onFailure: () => undefined,
    });
    const stopped = schedule.stop();
    await clock.advance(MINUTE_MS);
    await stopped;
    expect(hasEnded).toBe(true);
  });
});
