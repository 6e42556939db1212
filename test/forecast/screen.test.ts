import { describe, expect, it } from 'vitest';
import { FIRST_ORIGIN_DAYS, historyAt } from '../../lib/domain/trend/backtest.ts';
import type { SeriesKind } from '../../lib/domain/trend/daily.ts';
import { trainForecast } from '../../lib/domain/trend/forecast.ts';
import { judgedModel } from '../../lib/domain/trend/judged-model.ts';
import { screenForecast } from '../../lib/domain/trend/screen-forecast.ts';
import { type GeneratedSubnet, generateFleetSubnet, generateSubnet } from './generator/generate-subnet.ts';
import { DAYS, FIRST_DAY, REGIME_NAMES, SUBNETS_PER_REGIME } from './generator/regimes.ts';
import { countMorning, type ScreenTally } from './screen-tally.ts';
import { judgedSubnet } from './subject.ts';

/** Subnets beyond those of the report: nothing was chosen by them. */
const OTHERS = [SUBNETS_PER_REGIME + 1000, SUBNETS_PER_REGIME + 1001];
const FLEET_OTHERS = Array.from({ length: 16 }, (_, index) => 1000 + index);

/** Screens a subnet on every morning, forecasts it as well, and adds up what was passed over. */
function tallyOf(subnets: readonly GeneratedSubnet[], kind: SeriesKind): ScreenTally {
  const tally: ScreenTally = { mornings: 0, drawn: 0, alarming: 0, needed: 0, missed: 0 };
  for (const subnet of subnets) {
    const { subject } = judgedSubnet(subnet, kind);
    const mornings = Array.from({ length: DAYS - FIRST_ORIGIN_DAYS + 1 }, (_, day) => FIRST_ORIGIN_DAYS + day);
    for (const history of mornings.flatMap((day) => historyAt(subject, FIRST_DAY + day) ?? [])) {
      const screened = screenForecast(history, trainForecast(history));
      const made = judgedModel(history);
      countMorning(tally, made, screened === undefined ? 'drawn' : 'passed-over');
      if (screened !== undefined) {
        const told = screened.probabilityBelow ?? Number.MIN_VALUE;
        expect(
          made.probability.get(screened.withinDays) ?? 0,
          `${subnet.name} on day ${history.today - FIRST_DAY}`,
        ).toBeLessThan(told);
      }
    }
  }
  return tally;
}

describe('the screen', () => {
  it.each(REGIME_NAMES)('passes over nothing of %s that alarms or is at risk', (regime) => {
    const subnets = OTHERS.map((index) => generateSubnet(regime, index));
    const tally = tallyOf(subnets, 'addresses');
    expect(tally.mornings).toBe(OTHERS.length * (DAYS - FIRST_ORIGIN_DAYS + 1));
    expect(tally.missed).toBe(0);
    const ofBlocks = tallyOf(
      subnets.filter(({ usesPrefixes }) => usesPrefixes),
      'blocks',
    );
    expect(ofBlocks.missed).toBe(0);
  });

  it('draws little more of a fleet than what is needed', () => {
    const tally = tallyOf(FLEET_OTHERS.map(generateFleetSubnet), 'addresses');
    expect(tally.missed).toBe(0);
    expect(tally.needed).toBeGreaterThan(0);
    expect(tally.drawn - tally.needed).toBeLessThan(0.03 * tally.mornings);
  });
});
