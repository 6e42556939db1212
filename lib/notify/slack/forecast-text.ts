import type { AlertForecast } from '../../domain/alert/alert.ts';
import { countText } from '../../domain/text/number-text.ts';
import type { ForecastCaveat } from '../../domain/trend/forecast.ts';
import { seriesText } from '../../domain/trend/series-text.ts';

/** What a probability is shown of: the month in which people still can do something. */
const SHOWN_DAYS = 30;
const PERCENT = 100;

/**
 * Says when a subnet runs out, with its interval: never a lone date; and of what it cannot be said. What follows its name, without
 * a full stop.
 */
export function forecastText(forecast: AlertForecast): string {
  const { censoredAt, missingHistory } = forecast;
  if (censoredAt === undefined) {
    return `has ${missingHistory ?? `no forecast${reasonText(forecast.caveats)}`}`;
  }
  const beside = missingHistory === undefined ? '' : `; ${missingHistory}`;
  return `${lineText(forecast)} ${whenText(forecast, censoredAt)}${chanceText(forecast)}${beside}`;
}

function whenText({ p10, p50, p90 }: AlertForecast, censoredAt: string): string {
  if (p10 === undefined) {
    return `by ${censoredAt} with less than 10 % probability`;
  }
  if (p50 === undefined) {
    return `not before ${p10}, and by ${censoredAt} with less than 50 % probability`;
  }
  return p90 === undefined
    ? `not before ${p10}, most likely ${p50}, and not certainly by ${censoredAt}`
    : `between ${p10} and ${p90} with 80 % probability, most likely ${p50}`;
}

/** Says what a forecast does not know, or nothing. */
export function caveatText(forecast: AlertForecast): string | undefined {
  return forecast.censoredAt === undefined || forecast.caveats.length === 0
    ? undefined
    : forecast.caveats.map((caveat) => CAVEATS[caveat]).join('; ');
}

const CAVEATS: Readonly<Record<ForecastCaveat, string>> = {
  'insufficient-history': 'less than 3 days of history',
  'low-confidence': 'less than 14 days of history, so no trend yet',
  'no-weekly-pattern': 'less than 3 weeks of history, so weekly swings are not told apart',
  'demand-censored': 'nothing was free at times, so more may be wanted than was seen',
  gaps: 'some days were not seen',
  'unexplained-residual': 'some addresses in use are not explained',
  'swing-not-learnt': 'how far it swings within an hour is not known yet',
  'recent-break': 'something changed lately, and only what came after counts',
  'observations-old': 'the newest observation is days old',
};

function reasonText(caveats: readonly ForecastCaveat[]): string {
  return caveats.length === 0 ? '' : `: ${caveats.map((caveat) => CAVEATS[caveat]).join('; ')}`;
}

function lineText({ series, floor }: AlertForecast): string {
  return floor <= 0
    ? `runs out of ${seriesText(series)}`
    : `comes down to ${series === 'addresses' ? countText(floor, 'address', 'addresses') : countText(floor, '/28 block')}`;
}

function chanceText({ probability }: AlertForecast): string {
  const shown = probability.find(({ days }) => days === SHOWN_DAYS);
  return shown === undefined ? '' : `; within ${SHOWN_DAYS} days with ${percentText(shown.probability)}`;
}

/** Only what is certain is told as 0 or 100 %. */
function percentText(probability: number): string {
  const percent = Math.round(probability * PERCENT);
  if (percent === 0 && probability > 0) {
    return 'less than 1 %';
  }
  return percent === PERCENT && probability < 1 ? 'more than 99 %' : `${percent} %`;
}
