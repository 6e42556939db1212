import type { FleetFilter } from '../audit/fleet-filter.ts';
import { STATUSES, type Status } from '../domain/capacity/subnet-status.ts';
import { err, ok, type Result } from '../domain/result.ts';

/** What a list is asked for. */
export interface ListParameters {
  readonly filter: FleetFilter;
  readonly limit: number;
}

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 200;
/** How many values of a filter are told apart; a list of all accounts is no filter. */
const VALUES_MAX = 100;

const EXPECTED = {
  account: 'account ids of 12 digits, separated by commas',
  region: 'region names such as us-east-1, separated by commas',
  status: `any of ${STATUSES.join(', ')}, separated by commas`,
  team: 'names of teams, separated by commas',
  limit: `a whole number from 1 to ${LIMIT_MAX}`,
} as const;
type Name = keyof typeof EXPECTED;

const ACCOUNT_ID = /^\d{12}$/;
const REGION = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/;

/** Reads the query of a list. A parameter that is not known, given twice or unreadable is refused, never passed over. */
export function parseListParameters(query: URLSearchParams): Result<ListParameters> {
  const texts = new Map<Name, string>();
  for (const [name, text] of query) {
    if (!isName(name)) {
      return err(`Cannot read the parameter "${name}": expected one of ${Object.keys(EXPECTED).join(', ')}`);
    }
    if (texts.has(name)) {
      return err(`Cannot read "${name}": it is given twice, expected once`);
    }
    texts.set(name, text);
  }
  const account = readValues(texts, 'account', isText(ACCOUNT_ID));
  const region = readValues(texts, 'region', isText(REGION));
  const status = readValues(texts, 'status', isStatus);
  const team = readValues(texts, 'team', isText(/./));
  const limitText = texts.get('limit') ?? String(LIMIT_DEFAULT);
  const limit = /^\d{1,3}$/.test(limitText) ? Number(limitText) : 0;
  for (const read of [account, region, status, team]) {
    if (!read.ok) {
      return read;
    }
  }
  if (limit < 1 || limit > LIMIT_MAX) {
    return err(`Cannot read "limit" ${JSON.stringify(limitText)}: expected ${EXPECTED.limit}`);
  }
  return account.ok && region.ok && status.ok && team.ok
    ? ok({
        filter: { accountIds: account.value, regions: region.value, statuses: status.value, teams: team.value },
        limit,
      })
    : err('Cannot read the query');
}

function isName(name: string): name is Name {
  return Object.hasOwn(EXPECTED, name);
}

function isText(pattern: RegExp): (text: string) => text is string {
  return (text): text is string => pattern.test(text);
}

function isStatus(text: string): text is Status {
  return STATUSES.some((status) => status === text);
}

function readValues<T extends string>(
  texts: ReadonlyMap<Name, string>,
  name: Name,
  isValue: (text: string) => text is T,
): Result<readonly T[] | undefined> {
  const text = texts.get(name);
  if (text === undefined) {
    return ok(undefined);
  }
  const values: T[] = [];
  for (const item of text.split(',').map((each) => each.trim())) {
    if (!isValue(item) || values.length === VALUES_MAX) {
      return err(
        `Cannot read "${name}" ${JSON.stringify(item)}: expected ${EXPECTED[name]}, ${VALUES_MAX} at the most`,
      );
    }
    values.push(item);
  }
  return ok(values);
}
