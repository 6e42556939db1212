import { writeFileSync } from 'node:fs';
import { FIRST_ORIGIN_DAYS, type KnownHistory } from '../../lib/domain/trend/backtest.ts';
import { BASELINES } from '../../lib/domain/trend/baselines.ts';
import { trainForecast } from '../../lib/domain/trend/forecast.ts';
import { judgedModel } from '../../lib/domain/trend/judged-model.ts';
import { screenForecast } from '../../lib/domain/trend/screen-forecast.ts';
import { generateFleetSubnet, generateSubnet } from './generator/generate-subnet.ts';
import { DAYS, REGIME_NAMES, SUBNETS_PER_REGIME } from './generator/regimes.ts';
import { judgeRegime, runSubnet } from './judge-regime.ts';
import { type ModelName, type RegimeReport, reportDocument } from './report-document.ts';

/**
 * Runs the forecast and what it must beat over all regimes and the fleet, prints the figures as JSON and writes
 * `docs/forecasting.md`. Takes about three minutes of one core.
 */
const MODELS = { forecast: judgedModel, ...BASELINES };
const NAMES: readonly ModelName[] = ['forecast', 'naive', 'seasonalDrift', 'predictLinear'];
/** The last label looks so many days ahead. */
const LABEL_DAYS = 30;
const FLEET_SUBNETS = 120;

const origins = Array.from({ length: DAYS - LABEL_DAYS - FIRST_ORIGIN_DAYS }, (_, day) => FIRST_ORIGIN_DAYS + day);
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

const regimes = REGIME_NAMES.map((regime): RegimeReport => {
  process.stderr.write(`${regime}…\n`);
  const runs = numbers(SUBNETS_PER_REGIME).map((index) =>
    runSubnet(generateSubnet(regime, index), 'addresses', MODELS, origins),
  );
  const part = (rest: number) =>
    judgeRegime(
      runs.filter((_, index) => index % 2 === rest),
      NAMES,
    );
  return { regime, all: judgeRegime(runs, NAMES), even: part(0), odd: part(1) };
});
process.stderr.write('fleet…\n');
let drawn = 0;
const fleetModels = {
  ...MODELS,
  // As in the product: paths are drawn only where the screen asks for them.
  forecast: (history: KnownHistory) => {
    if (screenForecast(history, trainForecast(history)) !== undefined) {
      return { used: new Map(), probability: new Map(), daysToFloor: undefined };
    }
    drawn += 1;
    return judgedModel(history);
  },
};
const fleet = judgeRegime(
  numbers(FLEET_SUBNETS).map((index) => runSubnet(generateFleetSubnet(index), 'addresses', fleetModels, origins)),
  NAMES,
);
const drawnShare = drawn / fleet.originCount;
process.stdout.write(`${JSON.stringify({ regimes, fleet, drawnShare }, undefined, 2)}\n`);
writeFileSync(new URL('../../docs/forecasting.md', import.meta.url), reportDocument(regimes, fleet, drawnShare));
