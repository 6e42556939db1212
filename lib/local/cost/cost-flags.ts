import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../../domain/result.ts';
import { type FleetShape, measuredShape } from './fleet-work.ts';
import type { MeasuredUsage } from './measured-usage.ts';

export const COST_USAGE = `Usage: npm run cost -- --accounts <n> --regions <n> [flags]

Prints what a fleet costs in a month, scanned every hour.

  --accounts <n>          accounts of the organisation
  --regions <n>           regions of each
  --clusters <n>          of the whole fleet, two a region until there are none left (default: two in every region)
  --at-risk <n>           regions with a subnet at risk, which are looked at between scans too (default: one in ten)
  --format table | json   (default: table)
  --help                  print this
`;

export interface CostFlags {
  readonly shape: FleetShape;
  readonly format: 'table' | 'json';
}

const OPTIONS = {
  accounts: { type: 'string' },
  regions: { type: 'string' },
  clusters: { type: 'string' },
  'at-risk': { type: 'string' },
  format: { type: 'string' },
  help: { type: 'boolean' },
} as const;
const COUNT = /^\d{1,7}$/;

/** Reads the command line of `npm run cost`. An error names the flag, its value and what is expected. */
export function parseCostFlags(argv: readonly string[], measured: MeasuredUsage): Result<CostFlags | 'help'> {
  let flags: ReturnType<typeof parseOptions>;
  try {
    flags = parseOptions(argv);
  } catch (cause) {
    return err(`Cannot read the command line: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const { accounts, regions, clusters, 'at-risk': atRisk, format = 'table', help } = flags;
  if (help === true) {
    return ok('help');
  }
  if (format !== 'table' && format !== 'json') {
    return err(`Cannot read --format: it is "${format}", expected table or json`);
  }
  const wrong = Object.entries({ accounts, regions, clusters: clusters ?? '0', 'at-risk': atRisk ?? '0' }).find(
    ([, value]) => value === undefined || !COUNT.test(value),
  );
  if (wrong !== undefined) {
    const [name, value] = wrong;
    return err(
      `Cannot read --${name}: it is ${value === undefined ? 'not given' : `"${value}"`}, expected a whole number`,
    );
  }
  const shape = measuredShape(Number(accounts), Number(regions), measured);
  return ok({
    format,
    shape: {
      ...shape,
      ...(clusters === undefined ? {} : { clusters: Number(clusters) }),
      ...(atRisk === undefined ? {} : { atRiskRegions: Number(atRisk) }),
    },
  });
}

function parseOptions(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: OPTIONS }).values;
}
