import { parseArgs } from 'node:util';
import type { AccountScope } from '../audit/audit-accounts.ts';
import { REQUIRED_FACTS_DEFAULT } from '../audit/coverage.ts';
import { FACT_NAMES, type FactName } from '../domain/region-facts.ts';
import { err, ok, type Result } from '../domain/result.ts';

export const FORMATS = ['table', 'json', 'html'] as const;
export const FAIL_ON = ['warning', 'critical'] as const;
export const ROLE_NAME_DEFAULT = 'elbowroom-scan';

export interface AuditFlags {
  readonly accounts: AccountScope;
  readonly regions: readonly string[] | undefined;
  readonly roleName: string;
  readonly externalId: string | undefined;
  readonly format: (typeof FORMATS)[number];
  readonly failOn: (typeof FAIL_ON)[number] | undefined;
  readonly requiredFacts: readonly FactName[];
}

export const USAGE = `Usage: npm run audit -- [flags]

Scans AWS once with the credentials in the environment and says how much room each subnet and cluster has left.
It only reads. AWS_ENDPOINT_URL sends it to another endpoint, AWS_REGION names the region to start from.

  --accounts current | organization | <id>,<id>…   which accounts (default: current)
  --regions <region>,<region>…                     which regions (default: all that each account has enabled)
  --role-name <name>                               the read-only role in other accounts (default: ${ROLE_NAME_DEFAULT})
  --external-id <id>                               the external id that the role asks for
  --format table | json | html                     what to print on standard output (default: table)
  --fail-on warning | critical                     exit with 1 if a subnet is so or worse
  --require <fact>,<fact>…                         exit with 2 unless these were seen
                                                   (default: ${REQUIRED_FACTS_DEFAULT.join(',')})
  --help                                           print this

Facts: ${FACT_NAMES.slice(0, 8).join(', ')},
       ${FACT_NAMES.slice(8).join(', ')}.
       "reservations" means those of subnets that serve a cluster.

Exit codes: 0 all required facts seen; 1 --fail-on reached; 2 an account or a required fact was not seen, the result is
still printed; 64 bad usage.
`;

const OPTIONS = {
  accounts: { type: 'string', multiple: true },
  regions: { type: 'string', multiple: true },
  'role-name': { type: 'string', multiple: true },
  'external-id': { type: 'string', multiple: true },
  format: { type: 'string', multiple: true },
  'fail-on': { type: 'string', multiple: true },
  require: { type: 'string', multiple: true },
  help: { type: 'boolean' },
} as const;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html and the IAM quotas of role names. */
const ACCOUNT_ID = /^\d{12}$/;
const REGION = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/;
const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

/** Reads the command line. `'help'` where help was asked for; an error names the flag, the value and the choices. */
export function parseAuditFlags(argv: readonly string[]): Result<AuditFlags | 'help'> {
  let values: Partial<Record<keyof typeof OPTIONS, string[] | boolean>>;
  try {
    ({ values } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: false }));
  } catch (cause) {
    // parseArgs throws for unknown flags, missing values and positionals, and says which; nothing else in it throws.
    return err(`Cannot read the command line: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (values.help === true) {
    return ok('help');
  }
  const texts = new Map<string, string>();
  for (const [flag, given] of Object.entries(values)) {
    if (Array.isArray(given)) {
      if (given.length > 1) {
        return err(`Cannot read --${flag}: it is given ${given.length} times, expected once`);
      }
      texts.set(flag, String(given[0]).trim());
    }
  }
  return readFlags(texts);
}

function readFlags(texts: ReadonlyMap<string, string>): Result<AuditFlags> {
  const accounts = readAccounts(texts.get('accounts') ?? 'current');
  const regions = readList(
    texts.get('regions'),
    'regions',
    REGION,
    'region names such as us-east-1, separated by commas',
  );
  const roleName = readText(
    texts.get('role-name') ?? ROLE_NAME_DEFAULT,
    'role-name',
    ROLE_NAME,
    'the name of an IAM role, not its ARN',
  );
  const externalId = texts.has('external-id')
    ? readText(texts.get('external-id') ?? '', 'external-id', EXTERNAL_ID, '2 to 1224 letters, digits and _+=,.@:/-')
    : ok(undefined);
  const format = readChoice(texts.get('format') ?? 'table', 'format', FORMATS);
  const failOn = texts.has('fail-on') ? readChoice(texts.get('fail-on') ?? '', 'fail-on', FAIL_ON) : ok(undefined);
  const requiredFacts = readFacts(texts.get('require'));
  for (const result of [accounts, regions, roleName, externalId, format, failOn, requiredFacts]) {
    if (!result.ok) {
      return result;
    }
  }
  return accounts.ok && regions.ok && roleName.ok && externalId.ok && format.ok && failOn.ok && requiredFacts.ok
    ? ok({
        accounts: accounts.value,
        regions: regions.value,
        roleName: roleName.value,
        externalId: externalId.value,
        format: format.value,
        failOn: failOn.value,
        requiredFacts: requiredFacts.value,
      })
    : err('Cannot read the command line');
}

function readAccounts(text: string): Result<AccountScope> {
  if (text === 'current' || text === 'organization') {
    return ok({ kind: text });
  }
  const accountIds = readList(
    text,
    'accounts',
    ACCOUNT_ID,
    'current, organization, or account ids of 12 digits, separated by commas',
  );
  return accountIds.ok ? ok({ kind: 'list', accountIds: accountIds.value ?? [] }) : accountIds;
}

function readList(
  text: string | undefined,
  flag: string,
  pattern: RegExp,
  expected: string,
): Result<readonly string[] | undefined> {
  if (text === undefined) {
    return ok(undefined);
  }
  const items = text.split(',').map((item) => item.trim());
  const wrong = items.find((item) => !pattern.test(item));
  return wrong === undefined ? ok([...new Set(items)]) : err(`Cannot read --${flag} "${wrong}": expected ${expected}`);
}

function readText(text: string, flag: string, pattern: RegExp, expected: string): Result<string> {
  return pattern.test(text) ? ok(text) : err(`Cannot read --${flag} "${text}": expected ${expected}`);
}

function readChoice<T extends string>(text: string, flag: string, choices: readonly T[]): Result<T> {
  const chosen = choices.find((choice) => choice === text);
  return chosen === undefined ? err(`Cannot read --${flag} "${text}": expected ${choices.join(' or ')}`) : ok(chosen);
}

function readFacts(text: string | undefined): Result<readonly FactName[]> {
  if (text === undefined) {
    return ok(REQUIRED_FACTS_DEFAULT);
  }
  const facts: FactName[] = [];
  for (const item of text.split(',').map((part) => part.trim())) {
    const fact = readChoice(item, 'require', FACT_NAMES);
    if (!fact.ok) {
      return err(`Cannot read --require "${item}": expected any of ${FACT_NAMES.join(', ')}`);
    }
    facts.push(fact.value);
  }
  return ok(facts);
}
