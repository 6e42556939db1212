import type { AlertForecast } from '../../domain/alert/alert.ts';
import { countText } from '../../domain/text/number-text.ts';
import type { ForecastCaveat } from '../../domain/trend/forecast.ts';

/** What a probability is shown of: the month in which people still can do something. */
const SHOWN_DAYS = 30;
const PERCENT = 100;

/** Says when a subnet runs out, with its interval: never a lone date. What follows its name, without a full stop. */
export function forecastText(forecast: AlertForecast): string {
  const { p10, p50, p90, censoredAt } = forecast;
  if (censoredAt === undefined) {
    return `has no forecast${reasonText(forecast.caveats)}`;
  }
  const chance = chanceText(forecast);
  if (p10 === undefined) {
    return `${lineText(forecast)} by ${censoredAt} with less than 10 % probability${chance}`;
  }
  if (p50 === undefined) {
    return `${lineText(forecast)} not before ${p10}, and by ${censoredAt} with less than 50 % probability${chance}`;
  }
  const interval =
    p90 === undefined
      ? `not before ${p10}, most likely ${p50}, and not certainly by ${censoredAt}`
      : `between ${p10} and ${p90} with 80 % probability, most likely ${p50}`;
  return `${lineText(forecast)} ${interval}${chance}`;
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
  const isOfAddresses = series === 'addresses';
  return floor <= 0
    ? `runs out of ${isOfAddresses ? 'addresses' : '/28 blocks'}`
    : `comes down to ${isOfAddresses ? countText(floor, 'address', 'addresses') : countText(floor, '/28 block')}`;
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
