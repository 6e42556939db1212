import { type DemandForecast, JUDGED_DAYS, type KnownHistory } from './backtest.ts';
import { forecast } from './forecast.ts';

/** Says what the forecast of the product says, for a backtest. */
export function judgedModel(history: KnownHistory): DemandForecast {
  const made = forecast(history);
  const skipped = made.firstDay - history.today;
  return {
    used: new Map(
      made.horizons
        .filter(({ days }) => skipped === 0 && JUDGED_DAYS.some((each) => each === days))
        .map(({ days, p10, p50, p90 }) => [
          days,
          { p10: history.capacity - p90, p50: history.capacity - p50, p90: history.capacity - p10 },
        ]),
    ),
    probability: made.atFloor.probability,
    daysToFloor: made.atFloor.p50,
  };
}
