import { describe, expect, it } from 'vitest';
import { REQUIRED_FACTS_DEFAULT } from '../../lib/audit/coverage.ts';
import { FACT_NAMES } from '../../lib/domain/region-facts.ts';
import { parseAuditFlags, USAGE } from '../../lib/local/audit-flags.ts';

const ID = '111122223333';
const OTHER_ID = '444455556666';

const DEFAULTS = {
  accounts: { kind: 'current' },
  regions: undefined,
  roleName: 'elbowroom-scan',
  externalId: undefined,
  format: 'table',
  failOn: undefined,
  requiredFacts: REQUIRED_FACTS_DEFAULT,
};

function errorOf(argv: readonly string[]): string {
  const parsed = parseAuditFlags(argv);
  return parsed.ok ? `accepted: ${JSON.stringify(parsed.value)}` : parsed.error;
}

describe('the flags of an audit', () => {
  it('are the defaults where none is given', () => {
    expect(parseAuditFlags([])).toEqual({ ok: true, value: DEFAULTS });
  });

  it.each([
    [['--accounts', 'current'], { accounts: { kind: 'current' } }],
    [['--accounts', 'organization'], { accounts: { kind: 'organization' } }],
    [['--accounts', ID], { accounts: { kind: 'list', accountIds: [ID] } }],
    [['--accounts', `${ID}, ${OTHER_ID}`], { accounts: { kind: 'list', accountIds: [ID, OTHER_ID] } }],
    [['--accounts', `${ID},${OTHER_ID},${ID}`], { accounts: { kind: 'list', accountIds: [ID, OTHER_ID] } }],
    [['--accounts', ' organization '], { accounts: { kind: 'organization' } }],
    [['--regions', 'us-east-1'], { regions: ['us-east-1'] }],
    [
      ['--regions=eu-west-1,us-gov-west-1,cn-north-1,eu-west-1'],
      { regions: ['eu-west-1', 'us-gov-west-1', 'cn-north-1'] },
    ],
    [['--role-name', 'audit+role=x,y.z@a-b_1'], { roleName: 'audit+role=x,y.z@a-b_1' }],
    [['--role-name', 'r'.repeat(64)], { roleName: 'r'.repeat(64) }],
    [['--external-id', 'a:b/c=d'], { externalId: 'a:b/c=d' }],
    [['--external-id=-x'], { externalId: '-x' }],
    [['--format', 'table'], { format: 'table' }],
    [['--format', 'json'], { format: 'json' }],
    [['--format', 'html'], { format: 'html' }],
    [['--fail-on', 'warning'], { failOn: 'warning' }],
    [['--fail-on', 'critical'], { failOn: 'critical' }],
    [['--require', 'addons, subnets,addons'], { requiredFacts: ['addons', 'subnets'] }],
    [['--require', FACT_NAMES.join(',')], { requiredFacts: FACT_NAMES }],
  ])('%j are read', (argv, expected) => {
    expect(parseAuditFlags(argv)).toEqual({ ok: true, value: { ...DEFAULTS, ...expected } });
  });

  it.each([
    [['--help'], 'help'],
    [['--format', 'json', '--help'], 'help'],
    [['--help', '--format', 'yaml'], 'help'],
  ])('%j ask for help', (argv, value) => {
    expect(parseAuditFlags(argv)).toEqual({ ok: true, value });
  });

  const accounts = 'expected current, organization, or account ids of 12 digits, separated by commas';
  const regions = 'expected region names such as us-east-1, separated by commas';
  const roleName = 'expected the name of an IAM role, not its ARN';
  const externalId = 'expected 2 to 1224 letters, digits and _+=,.@:/-';
  const facts = `expected any of ${FACT_NAMES.join(', ')}`;
  it.each([
    ['--accounts', '', '', accounts],
    ['--accounts', ',', '', accounts],
    ['--accounts', `${ID},`, '', accounts],
    ['--accounts', `${ID},,${OTHER_ID}`, '', accounts],
    ['--accounts', '11112222333', '11112222333', accounts],
    ['--accounts', '1111222233334', '1111222233334', accounts],
    ['--accounts', `${ID} ${OTHER_ID}`, `${ID} ${OTHER_ID}`, accounts],
    ['--accounts', `current,${ID}`, 'current', accounts],
    ['--accounts', 'all', 'all', accounts],
    ['--accounts', 'Organization', 'Organization', accounts],
    ['--regions', '', '', regions],
    ['--regions', 'us-east-1,', '', regions],
    ['--regions', 'us-east-1a', 'us-east-1a', regions],
    ['--regions', 'eu-west-1,ireland', 'ireland', regions],
    ['--role-name', '', '', roleName],
    ['--role-name', `arn:aws:iam::${ID}:role/x`, `arn:aws:iam::${ID}:role/x`, roleName],
    ['--role-name', 'r'.repeat(65), 'r'.repeat(65), roleName],
    ['--external-id', 'x', 'x', externalId],
    ['--external-id', '', '', externalId],
    ['--external-id', 'a b', 'a b', externalId],
    ['--format', '', '', 'expected table or json or html'],
    ['--format', 'yaml', 'yaml', 'expected table or json or html'],
    ['--format', 'JSON', 'JSON', 'expected table or json or html'],
    ['--fail-on', 'exhausted', 'exhausted', 'expected warning or critical'],
    ['--fail-on', 'unknown', 'unknown', 'expected warning or critical'],
    ['--require', '', '', facts],
    ['--require', 'addons,', '', facts],
    ['--require', 'addons,enis', 'enis', facts],
  ])('name %s, the value and the choices where it is %j', (flag, given, wrong, expected) => {
    expect(errorOf([`${flag}=${given}`])).toBe(`Cannot read ${flag} "${wrong}": ${expected}`);
  });

  it.each(['accounts', 'regions', 'role-name', 'external-id', 'format', 'fail-on', 'require'])(
    'say what --%s takes where its value is missing, and do not take the next flag for it',
    (name) => {
      expect(errorOf([`--${name}`])).toMatch(new RegExp(`^Cannot read --${name}: it has no value, expected .`));
      expect(errorOf([`--${name}`, '--help'])).toMatch(
        new RegExp(`^Cannot read --${name}: it has no value, expected .`),
      );
    },
  );

  it('are read once each', () => {
    expect(errorOf(['--accounts', ID, '--accounts', 'current'])).toBe(
      'Cannot read --accounts "current": it is given twice, expected once',
    );
    expect(errorOf(['--format', 'json', '--format=json'])).toBe(
      'Cannot read --format "json": it is given twice, expected once',
    );
  });

  const flagList = '--accounts, --regions, --role-name, --external-id, --format, --fail-on, --require, --help';
  it.each([
    [['--account', ID], `Cannot read --account: expected one of ${flagList}`],
    [['--no-help'], `Cannot read --no-help: expected one of ${flagList}`],
    [['-f', 'json'], `Cannot read -f: expected one of ${flagList}`],
    [['--__proto__=x'], `Cannot read --__proto__: expected one of ${flagList}`],
    [['--toString'], `Cannot read --toString: expected one of ${flagList}`],
    [['json'], `Cannot read "json": expected flags only: ${flagList}`],
    [['--format', 'json', ID], `Cannot read "${ID}": expected flags only: ${flagList}`],
    [['--', '--format'], `Cannot read "--format": expected flags only: ${flagList}`],
    [['--help=yes'], 'Cannot read --help "yes": expected no value'],
  ])('%j are refused with the flags that there are', (argv, expected) => {
    expect(errorOf(argv)).toBe(expected);
  });

  it('all stand in the usage, as do all facts and exit codes', () => {
    for (const word of [...flagList.split(', '), ...FACT_NAMES]) {
      expect(USAGE).toContain(word);
    }
    expect(USAGE).toMatch(/Exit codes: 0 .*; 1 .*; 2 .*64 /s);
  });
});
