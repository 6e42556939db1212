import { describe, expect, it } from 'vitest';
import { readFleetTrend } from '../../lib/audit/read-fleet-trend.ts';
import { memoryFleetHistory } from '../helpers/memory-fleet-history.ts';
import { aGroupDay, TODAY } from '../helpers/series-builder.ts';

const NOW_MS = TODAY * 86_400_000;

async function aHistory() {
  const fleetHistory = memoryFleetHistory();
  const days = [
    [TODAY - 3, ['a', 'b', undefined]],
    [TODAY - 1, ['a', 'c']],
  ] as const;
  for (const [day, names] of days) {
    for (const by of ['account', 'team'] as const) {
      await fleetHistory.keepDay(by, { day, groups: names.map((name) => aGroupDay({ name, free: day - TODAY + 10 })) });
    }
  }
  return { fleetHistory, now: () => NOW_MS };
}

type Trend = Awaited<ReturnType<typeof readFleetTrend>>;

/** By name, which day had how many free. */
function told(trend: Trend) {
  return trend?.groups.map(({ name, days }) => [
    name,
    [...days].map(([day, { room }]) => [day - TODAY, room?.freeMin]),
  ]);
}

describe('the trend of a fleet', () => {
  it('is by name, each with the days that it was added up on', async () => {
    const trend = await readFleetTrend('team', 3, undefined, await aHistory());
    expect(trend).toMatchObject({ by: 'team', window: { from: TODAY - 3, to: TODAY - 1 } });
    expect(told(trend)).toEqual([
      [
        'a',
        [
          [-3, 7],
          [-1, 9],
        ],
      ],
      ['b', [[-3, 7]]],
      ['c', [[-1, 9]]],
      [undefined, [[-3, 7]]],
    ]);
  });

  it('goes back as far as it is asked for, and ends yesterday', async () => {
    const history = await aHistory();
    expect(told(await readFleetTrend('team', 2, undefined, history))).toEqual([
      ['a', [[-1, 9]]],
      ['c', [[-1, 9]]],
    ]);
    expect(told(await readFleetTrend('region', 30, undefined, history))).toEqual([]);
  });

  it('is told by account to who sees some accounts only, and of these', async () => {
    const history = await aHistory();
    expect(told(await readFleetTrend('account', 3, ['a', 'x'], history))).toEqual([
      [
        'a',
        [
          [-3, 7],
          [-1, 9],
        ],
      ],
    ]);
    expect(told(await readFleetTrend('account', 3, [], history))).toEqual([]);
    for (const by of ['team', 'region', 'fleet'] as const) {
      expect(await readFleetTrend(by, 3, ['a'], history)).toBeUndefined();
    }
  });
});
