import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../../domain/result.ts';
import { type AuditFlags, parseAuditFlags, ROLE_NAME_DEFAULT } from '../audit-flags.ts';

/** What `npm start` is asked to do. */
export type StartFlags =
  | { readonly kind: 'help' }
  /** One audit of the simulated organisation, with the flags of the audit. */
  | { readonly kind: 'once'; readonly auditArguments: readonly string[] }
  | ({ readonly kind: 'simulated' } & SimulatedFlags)
  | ({ readonly kind: 'live' } & Pick<
      AuditFlags,
      'accounts' | 'regions' | 'roleName' | 'externalId' | 'requiredFacts'
    >);

export interface SimulatedFlags {
  /** How long a day takes; `undefined` for as long as a day. */
  readonly dayMs: number | undefined;
  readonly historyDays: number;
}

export const HISTORY_DAYS_MAX = 30;

export const START_USAGE = `Usage: npm start -- [flags]

Runs the service on this machine until it is stopped: scans each hour, looks again every 15 minutes, and answers on
http://127.0.0.1:4400 (PORT). What it learns is kept in .elbowroom/ of the working directory.

Without flags it watches a simulated organisation, and builds its last ${HISTORY_DAYS_MAX} days first.
  --day-in <duration>          a simulated day passes in so long, 1m to 24h: --day-in 4m
  --history-days <n>           how many days of the past are built, 0 to ${HISTORY_DAYS_MAX} (default: ${HISTORY_DAYS_MAX})

  --once [audit's flags]       audit the simulated organisation once, print the result and end; see npm run audit -- --help

  --live                       watch AWS, with the credentials in the environment; it only reads
  --accounts current | organization | <id>,<id>…   which accounts (default: current)
  --regions <region>,<region>…                     which regions (default: all that each account has enabled)
  --role-name <name>                               the read-only role in other accounts (default: ${ROLE_NAME_DEFAULT})
  --external-id <id>                               the external id that the role asks for
  --require <fact>,<fact>…                         what has to be seen for a run to be complete

  --help                       print this
`;

const MS_PER_SECOND = 1000;
const MS_PER_UNIT = { s: MS_PER_SECOND, m: 60 * MS_PER_SECOND, h: 3_600 * MS_PER_SECOND } as const;
/** A simulated day has 120 slots: each needs a moment. */
const DAY_MS_MIN = MS_PER_UNIT.m;
const DAY_MS_MAX = 24 * MS_PER_UNIT.h;

const OWN_OPTIONS = {
  live: { type: 'boolean' },
  once: { type: 'boolean' },
  help: { type: 'boolean' },
  'day-in': { type: 'string' },
  'history-days': { type: 'string' },
} as const;
type OwnFlag = keyof typeof OWN_OPTIONS;
/** These decide what the audit prints, and how it ends. */
const AUDIT_ONLY = ['format', 'fail-on'];

const DURATION_EXPECTED = 'a duration from 1m to 24h, such as 90s, 4m or 1h';
const DAYS_EXPECTED = `a whole number from 0 to ${HISTORY_DAYS_MAX}`;

/** Reads the command line of `npm start`. An error names the flag, the value and what is expected. */
export function parseStartFlags(argv: readonly string[]): Result<StartFlags> {
  const own = new Map<OwnFlag, string>();
  const rest: string[] = [];
  const { tokens } = parseArgs({ args: [...argv], options: OWN_OPTIONS, strict: false, tokens: true });
  let taken = -1;
  for (const token of tokens) {
    if (token.kind === 'option' && isOwn(token.name)) {
      if (own.has(token.name)) {
        return err(`Cannot read --${token.name}: it is given twice, expected once`);
      }
      own.set(token.name, token.value ?? '');
      taken = token.value !== undefined && token.inlineValue !== true ? token.index + 1 : token.index;
    } else if (token.index > taken) {
      rest.push(...wordsOf(argv, token));
    }
  }
  return own.has('help') ? ok({ kind: 'help' }) : readFlags(own, rest);
}

function isOwn(name: string): name is OwnFlag {
  return Object.hasOwn(OWN_OPTIONS, name);
}

/** A token as it was written; the value of an unknown option is a token of its own. */
function wordsOf(argv: readonly string[], { index }: { readonly index: number }): string[] {
  const word = argv[index];
  return word === undefined ? [] : [word];
}

function readFlags(own: ReadonlyMap<OwnFlag, string>, rest: readonly string[]): Result<StartFlags> {
  for (const name of ['live', 'once'] as const) {
    const value = own.get(name);
    if (value !== undefined && value !== '') {
      return err(`Cannot read --${name} "${value}": expected no value`);
    }
  }
  const mode = own.has('live') ? 'live' : 'once';
  if (own.has('live') && own.has('once')) {
    return err('Cannot read --once: --live watches on and on; "npm run audit" audits AWS once');
  }
  if (own.has('live') || own.has('once')) {
    const simulatedOnly = (['day-in', 'history-days'] as const).find((name) => own.has(name));
    if (simulatedOnly !== undefined) {
      return err(`Cannot read --${simulatedOnly}: it is for the simulated organisation, not for --${mode}`);
    }
    return mode === 'live' ? readLive(rest) : ok({ kind: 'once', auditArguments: rest });
  }
  return readSimulated(own, rest);
}

function readLive(rest: readonly string[]): Result<StartFlags> {
  const auditOnly = AUDIT_ONLY.find((name) =>
    rest.some((word) => word === `--${name}` || word.startsWith(`--${name}=`)),
  );
  if (auditOnly !== undefined) {
    return err(`Cannot read --${auditOnly}: the service does not end; "npm run audit" takes it`);
  }
  const flags = parseAuditFlags(rest);
  if (!flags.ok) {
    return flags;
  }
  if (flags.value === 'help') {
    return ok({ kind: 'help' });
  }
  const { accounts, regions, roleName, externalId, requiredFacts } = flags.value;
  return ok({ kind: 'live', accounts, regions, roleName, externalId, requiredFacts });
}

function readSimulated(own: ReadonlyMap<OwnFlag, string>, rest: readonly string[]): Result<StartFlags> {
  const [unknown] = rest;
  if (unknown !== undefined) {
    const flags = Object.keys(OWN_OPTIONS).map((name) => `--${name}`);
    return err(
      `Cannot read "${unknown}": expected one of ${flags.join(', ')}; the audit's flags go with --live or --once`,
    );
  }
  const dayText = own.get('day-in');
  const dayMs = dayText === undefined ? undefined : durationMs(dayText);
  if (dayText !== undefined && dayMs === undefined) {
    return err(`Cannot read --day-in "${dayText}": expected ${DURATION_EXPECTED}`);
  }
  const daysText = own.get('history-days') ?? String(HISTORY_DAYS_MAX);
  const historyDays = /^\d{1,2}$/.test(daysText) ? Number(daysText) : Number.NaN;
  if (!(historyDays <= HISTORY_DAYS_MAX)) {
    return err(`Cannot read --history-days "${daysText}": expected ${DAYS_EXPECTED}`);
  }
  return ok({ kind: 'simulated', dayMs, historyDays });
}

function durationMs(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,5})([smh])$/.exec(text) ?? [];
  if (digits === undefined || (unit !== 's' && unit !== 'm' && unit !== 'h')) {
    return undefined;
  }
  const ms = Number(digits) * MS_PER_UNIT[unit];
  return ms >= DAY_MS_MIN && ms <= DAY_MS_MAX ? ms : undefined;
}

const PORT_DEFAULT = 4400;
const PORT_MAX = 65_535;

/** Reads the environment's PORT; 0 takes a free one. */
export function parsePort(text: string | undefined): Result<number> {
  if (text === undefined || text === '') {
    return ok(PORT_DEFAULT);
  }
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= PORT_MAX ? ok(port) : err(`Cannot read PORT "${text}": expected a whole number from 0 to ${PORT_MAX}`);
}
