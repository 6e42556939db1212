import { writeFileSync } from 'node:fs';
import { FIRST_ORIGIN_DAYS, type KnownHistory } from '../../lib/domain/trend/backtest.ts';
import { BASELINES } from '../../lib/domain/trend/baselines.ts';
import { trainForecast } from '../../lib/domain/trend/forecast.ts';
import { judgedModel } from '../../lib/domain/trend/judged-model.ts';
import { screenForecast } from '../../lib/domain/trend/screen-forecast.ts';
import { type GeneratedSubnet, generateFleetSubnet, generateSubnet } from './generator/generate-subnet.ts';
import { DAYS, REGIME_NAMES, SUBNETS_PER_REGIME } from './generator/regimes.ts';
import { judgeRegime, runSubnet } from './judge-regime.ts';
import { oracleOf } from './oracle.ts';
import { type ModelName, type RegimeReport, reportDocument } from './report-document.ts';
import { countMorning, type ScreenTally, shareOf } from './screen-tally.ts';

/**
 * Runs the forecast and what it must beat over all regimes and the fleet, prints the figures as JSON and writes
 * `docs/forecasting.md`. Takes minutes of one core. With a number, only so many subnets of each are run and nothing is written.
 */
const MODELS = { forecast: judgedModel, ...BASELINES };
const NAMES: readonly ModelName[] = ['forecast', 'naive', 'seasonalDrift', 'predictLinear'];
/** The last label looks so many days ahead. */
const LABEL_DAYS = 30;
const FLEET_SUBNETS = 120;

const most = Number(process.argv[2] ?? Number.POSITIVE_INFINITY);
const origins = Array.from({ length: DAYS - LABEL_DAYS - FIRST_ORIGIN_DAYS }, (_, day) => FIRST_ORIGIN_DAYS + day);
const numbers = (count: number) => Array.from({ length: Math.min(most, count) }, (_, index) => index);
// Before anything takes prefixes blocks harm nobody, and the product does not forecast them.
const prefixesFrom = ({ events, usesPrefixes }: GeneratedSubnet) =>
  usesPrefixes ? (events.find(({ kind }) => kind === 'prefix-mode-toggled')?.day ?? 0) : Number.POSITIVE_INFINITY;

const regimes = REGIME_NAMES.map((regime): RegimeReport => {
  process.stderr.write(`${regime}…\n`);
  const subnets = numbers(SUBNETS_PER_REGIME).map((index) => generateSubnet(regime, index));
  const runs = subnets.map((subnet) => runSubnet(subnet, 'addresses', MODELS, origins));
  const part = (rest: number) =>
    judgeRegime(
      runs.filter((_, index) => index % 2 === rest),
      NAMES,
    );
  const ofBlocks = subnets
    .map((subnet) => ({ subnet, days: origins.filter((day) => day >= prefixesFrom(subnet)) }))
    .filter(({ days }) => days.length > 0)
    .map(({ subnet, days }) => runSubnet(subnet, 'blocks', MODELS, days));
  return {
    regime,
    all: judgeRegime(runs, NAMES),
    oracle: judgeRegime(
      subnets.map((subnet) => runSubnet(subnet, 'addresses', { oracle: oracleOf(subnet) }, origins)),
      ['oracle'],
    ).models.oracle.horizons,
    even: part(0),
    odd: part(1),
    blocks: ofBlocks.length === 0 ? undefined : judgeRegime(ofBlocks, NAMES),
  };
});
process.stderr.write('fleet…\n');
const tally: ScreenTally = { mornings: 0, drawn: 0, alarming: 0, needed: 0, missed: 0 };
const fleetModels = {
  ...MODELS,
  // As in the product: paths are drawn only where the screen asks for them.
  forecast: (history: KnownHistory) => {
    const isDrawn = screenForecast(history, trainForecast(history)) === undefined;
    const made = judgedModel(history);
    countMorning(tally, made, isDrawn ? 'drawn' : 'passed-over');
    return isDrawn ? made : { used: new Map(), probability: new Map(), daysToFloor: undefined };
  },
};
const fleet = judgeRegime(
  numbers(FLEET_SUBNETS).map((index) => runSubnet(generateFleetSubnet(index), 'addresses', fleetModels, origins)),
  NAMES,
);
const screen = shareOf(tally);
process.stdout.write(`${JSON.stringify({ regimes, fleet, screen }, undefined, 2)}\n`);
if (most === Number.POSITIVE_INFINITY) {
  writeFileSync(new URL('../../docs/forecasting.md', import.meta.url), reportDocument(regimes, fleet, screen));
}
