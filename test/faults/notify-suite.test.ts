import { describe, expect, it } from 'vitest';
import { type NotifyRun, runNotifier } from './notify-run.ts';
import { seedsOf } from './seeds.ts';
import { outOfOrder, repeatCount, strayRoots, untold, wrongRepeats } from './told-in-slack.ts';

/**
 * An hour of alerts told in a Slack that limits, fails, does not answer, does things late or twice, and shows its history up to
 * 30 seconds late, by processes that stop before or after any request to the store, two at a time now and then.
 *
 * `ELBOWROOM_FAULT_SEEDS=17` replays one seed, `1-1000` runs the full suite (`npm run test:faults`).
 */
const SEEDS_IN_CI = '1-60';
const ONE_SEED_MS = 60_000;

const seeds = seedsOf(process.env['ELBOWROOM_FAULT_SEEDS'] ?? SEEDS_IN_CI);

/** Charts that came twice, or into a thread of others. */
function wrongCharts({ slack }: NotifyRun): unknown[] {
  const seen = new Set<string>();
  return slack.files.shared.filter(({ fileName, title: alertId, channel, threadTs }) => {
    const isTwice = seen.has(fileName);
    seen.add(fileName);
    const root = slack.messages.find(({ ts }) => ts === threadTs);
    const isOwn = root?.key.startsWith(`${alertId}~`) === true || root?.key.startsWith('list~') === true;
    return isTwice || !isOwn || root?.channel !== channel;
  });
}

describe('telling alerts in Slack, by a seed', () => {
  const totals = { faults: 0, crashes: 0, repeats: 0, messages: 0, charts: 0 };

  it.each(seeds)(
    '%d tells each transition once, in order and in its thread, and repeats only what may be lost',
    async (seed) => {
      const run = await runNotifier(seed);
      expect(run.happened.filter(({ alertId, sequence }) => !run.confirmed.has(`${alertId}~${sequence}`))).toEqual([]);
      expect(untold(run)).toEqual([]);
      expect(wrongRepeats(run)).toEqual([]);
      expect(outOfOrder(run)).toEqual([]);
      expect(strayRoots(run)).toEqual([]);
      expect(wrongCharts(run)).toEqual([]);
      expect(run.slack.problems).toEqual([]);
      totals.faults += run.slack.faultCount();
      totals.crashes += run.crashCount;
      totals.messages += run.slack.messages.length;
      totals.charts += run.slack.files.shared.length;
      totals.repeats += repeatCount(run);
    },
    ONE_SEED_MS,
  );

  it.runIf(seeds.length >= 10)('met faults, crashes and repeats, and few of the last', () => {
    expect(totals.faults).toBeGreaterThan(seeds.length);
    expect(totals.crashes).toBeGreaterThan(seeds.length);
    expect(totals.repeats).toBeGreaterThan(0);
    expect(totals.repeats).toBeLessThan(totals.messages / 10);
    expect(totals.charts).toBeGreaterThan(2 * seeds.length);
  });
});
