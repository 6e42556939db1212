import { describe, expect, it } from 'vitest';
import { backtest, historyAt } from '../../lib/domain/trend/backtest.ts';
import { scoreBacktest } from '../../lib/domain/trend/backtest-scores.ts';
import { forecast } from '../../lib/domain/trend/forecast.ts';
import { judgedModel } from '../../lib/domain/trend/judged-model.ts';
import { generateSubnet } from './generator/generate-subnet.ts';
import { FIRST_DAY, type RegimeName } from './generator/regimes.ts';
import { judgedSubnet } from './subject.ts';

const TODAY = FIRST_DAY + 119;
/** The first morning has four weeks before it, the last one a week after it. */
const MORNINGS = Array.from({ length: 56 }, (_, index) => TODAY - 62 + index);
const WEEK = 7;

describe('the quality that a forecast tells of itself', () => {
  it.each<[RegimeName, number]>([
    ['linear', 1001],
    ['weekly', 1001],
    ['flat', 1002],
    ['saturating', 1003],
    ['bursts', 1003],
  ])('of a subnet of %s is near what asking it again on each past morning finds', (regime, index) => {
    const { subject } = judgedSubnet(generateSubnet(regime, index), 'addresses');
    const history = historyAt(subject, TODAY);
    const quality = history === undefined ? undefined : forecast(history).quality;
    const seenOn = (day: number) => history?.series.days[day - history.series.firstDay]?.peak;
    const again = backtest(subject, { forecast: judgedModel }, MORNINGS);
    const [week] = scoreBacktest(again, 'forecast', ['forecast'], seenOn).filter(({ days }) => days === WEEK);
    // Asked again, a morning knows up to 90 days; of itself a forecast knows those within its own 90: it is rather too modest.
    expect((quality?.mase7 ?? Number.NaN) / (week?.mase ?? Number.NaN)).toBeGreaterThan(0.8);
    expect((quality?.mase7 ?? Number.NaN) / (week?.mase ?? Number.NaN)).toBeLessThan(1.8);
    expect(Math.abs((quality?.coverage80 ?? Number.NaN) - (week?.coverage80 ?? Number.NaN))).toBeLessThan(0.2);
    expect(quality?.originCount).toBeGreaterThan(40);
  });
});
