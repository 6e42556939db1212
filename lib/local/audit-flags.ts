import { parseArgs } from 'node:util';
import type { AccountScope } from '../audit/account-scope.ts';
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

What is scanned, who owns it and when a subnet is short is set in elbowroom.settings.yaml of the working directory. Accounts and
regions that flags name are scanned whatever it says.

Exit codes: 0 all required facts seen; 1 --fail-on reached; 2 an account or a required fact was not seen, the result is
still printed; 64 bad usage.
`;

/** What each flag takes, as an error says it. */
const EXPECTED = {
  accounts: 'current, organization, or account ids of 12 digits, separated by commas',
  regions: 'region names such as us-east-1, separated by commas',
  'role-name': 'the name of an IAM role, not its ARN',
  'external-id': '2 to 1224 letters, digits and _+=,.@:/-',
  format: FORMATS.join(' or '),
  'fail-on': FAIL_ON.join(' or '),
  require: `any of ${FACT_NAMES.join(', ')}`,
} as const;
type Flag = keyof typeof EXPECTED;

const TEXT_OPTION = { type: 'string', multiple: true } as const;
const OPTIONS = {
  accounts: TEXT_OPTION,
  regions: TEXT_OPTION,
  'role-name': TEXT_OPTION,
  'external-id': TEXT_OPTION,
  format: TEXT_OPTION,
  'fail-on': TEXT_OPTION,
  require: TEXT_OPTION,
  help: { type: 'boolean' },
} as const;
const FLAG_LIST = Object.keys(OPTIONS)
  .map((name) => `--${name}`)
  .join(', ');

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html and the IAM quotas of role names. */
const ACCOUNT_ID = /^\d{12}$/;
const REGION = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/;
const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

/** Reads the command line. `'help'` where help was asked for; an error names the flag, the value and the choices. */
export function parseAuditFlags(argv: readonly string[]): Result<AuditFlags | 'help'> {
  // Not strict: its own errors name neither the values nor the choices.
  const { tokens } = parseArgs({ args: [...argv], options: OPTIONS, strict: false, tokens: true });
  const texts = new Map<Flag, string>();
  let isHelpWanted = false;
  for (const token of tokens) {
    if (token.kind === 'positional') {
      return err(`Cannot read "${token.value}": expected flags only: ${FLAG_LIST}`);
    }
    if (token.kind === 'option') {
      const read = readToken(token, texts);
      if (!read.ok) {
        return read;
      }
      isHelpWanted ||= read.value === 'help';
    }
  }
  return isHelpWanted ? ok('help') : readFlags(texts);
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

/** Adds what the flag says to `texts`. */
function readToken(token: OptionToken, texts: Map<Flag, string>): Result<'help' | 'text'> {
  const { name, rawName, value } = token;
  if (name === 'help') {
    return value === undefined ? ok('help') : err(`Cannot read --help "${value}": expected no value`);
  }
  if (!isFlag(name)) {
    return err(`Cannot read ${rawName}: expected one of ${FLAG_LIST}`);
  }
  // A flag where a value should stand: the value was forgotten. `--flag=-value` says that it was not.
  if (value === undefined || (token.inlineValue !== true && value.startsWith('-'))) {
    return err(`Cannot read --${name}: it has no value, expected ${EXPECTED[name]}`);
  }
  if (texts.has(name)) {
    return err(`Cannot read --${name} "${value}": it is given twice, expected once`);
  }
  texts.set(name, value.trim());
  return ok('text');
}

function isFlag(name: string): name is Flag {
  return Object.hasOwn(EXPECTED, name);
}

function readFlags(texts: ReadonlyMap<Flag, string>): Result<AuditFlags> {
  const accounts = readAccounts(texts.get('accounts') ?? 'current');
  const regions = readList(texts.get('regions'), 'regions', REGION);
  const roleName = readText(texts.get('role-name') ?? ROLE_NAME_DEFAULT, 'role-name', ROLE_NAME);
  const externalIdText = texts.get('external-id');
  const externalId =
    externalIdText === undefined ? ok(undefined) : readText(externalIdText, 'external-id', EXTERNAL_ID);
  const format = readChoice(texts.get('format') ?? 'table', 'format', FORMATS);
  const failOnText = texts.get('fail-on');
  const failOn = failOnText === undefined ? ok(undefined) : readChoice(failOnText, 'fail-on', FAIL_ON);
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
  const accountIds = readItems(text, 'accounts', ACCOUNT_ID);
  return accountIds.ok ? ok({ kind: 'list', accountIds: accountIds.value }) : accountIds;
}

function readList(text: string | undefined, flag: Flag, pattern: RegExp): Result<readonly string[] | undefined> {
  return text === undefined ? ok(undefined) : readItems(text, flag, pattern);
}

function readItems(text: string, flag: Flag, pattern: RegExp): Result<readonly string[]> {
  const items = itemsOf(text);
  const wrong = items.find((item) => !pattern.test(item));
  return wrong === undefined ? ok(items) : unreadable(flag, wrong);
}

/** Each once, in the order given. */
function itemsOf(text: string): readonly string[] {
  return [...new Set(text.split(',').map((item) => item.trim()))];
}

function readText(text: string, flag: Flag, pattern: RegExp): Result<string> {
  return pattern.test(text) ? ok(text) : unreadable(flag, text);
}

function readChoice<T extends string>(text: string, flag: Flag, choices: readonly T[]): Result<T> {
  const chosen = choices.find((choice) => choice === text);
  return chosen === undefined ? unreadable(flag, text) : ok(chosen);
}

function readFacts(text: string | undefined): Result<readonly FactName[]> {
  if (text === undefined) {
    return ok(REQUIRED_FACTS_DEFAULT);
  }
  const facts: FactName[] = [];
  for (const item of itemsOf(text)) {
    const fact = readChoice(item, 'require', FACT_NAMES);
    if (!fact.ok) {
      return fact;
    }
    facts.push(fact.value);
  }
  return ok(facts);
}

function unreadable(flag: Flag, value: string): Result<never> {
  return err(`Cannot read --${flag} "${value}": expected ${EXPECTED[flag]}`);
}
