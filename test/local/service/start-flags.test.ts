import { describe, expect, it } from 'vitest';
import { REQUIRED_FACTS_DEFAULT } from '../../../lib/audit/coverage.ts';
import { parsePort, parseStartFlags } from '../../../lib/local/service/start-flags.ts';

function parse(line: string) {
  return parseStartFlags(line.split(' ').filter((word) => word !== ''));
}

describe('parseStartFlags', () => {
  it('watches the simulated organisation without flags, with all of its history', () => {
    expect(parse('')).toEqual({ ok: true, value: { kind: 'simulated', dayMs: undefined, historyDays: 30 } });
  });

  it.each([
    ['--day-in 4m', { dayMs: 240_000, historyDays: 30 }],
    ['--day-in=60s --history-days=0', { dayMs: 60_000, historyDays: 0 }],
    ['--history-days 30 --day-in 24h', { dayMs: 86_400_000, historyDays: 30 }],
  ])('reads %j', (line, flags) => {
    expect(parse(line)).toEqual({ ok: true, value: { kind: 'simulated', ...flags } });
  });

  it('reads the flags of the audit with --live', () => {
    expect(parse('--accounts organization --live --role-name=audit --regions us-east-1,eu-west-1')).toEqual({
      ok: true,
      value: {
        kind: 'live',
        accounts: { kind: 'organization' },
        regions: ['us-east-1', 'eu-west-1'],
        roleName: 'audit',
        externalId: undefined,
        requiredFacts: REQUIRED_FACTS_DEFAULT,
      },
    });
  });

  it('leaves the flags of --once to the audit', () => {
    expect(parse('--format json --once --accounts=current')).toEqual({
      ok: true,
      value: { kind: 'once', auditArguments: ['--format', 'json', '--accounts=current'] },
    });
  });

  it.each([['--help'], ['--live --help'], ['--help --day-in nonsense']])('helps for %j', (line) => {
    expect(parse(line)).toEqual({ ok: true, value: { kind: 'help' } });
  });

  it.each([
    ['--day-in', 'Cannot read --day-in "": expected a duration from 1m to 24h, such as 90s, 4m or 1h'],
    ['--day-in 59s', 'Cannot read --day-in "59s": expected a duration from 1m to 24h, such as 90s, 4m or 1h'],
    ['--day-in 25h', 'Cannot read --day-in "25h": expected a duration from 1m to 24h, such as 90s, 4m or 1h'],
    ['--day-in 4', 'Cannot read --day-in "4": expected a duration from 1m to 24h, such as 90s, 4m or 1h'],
    ['--history-days 31', 'Cannot read --history-days "31": expected a whole number from 0 to 30'],
    ['--history-days -1', 'Cannot read --history-days "-1": expected a whole number from 0 to 30'],
    ['--history-days=', 'Cannot read --history-days "": expected a whole number from 0 to 30'],
    ['--day-in 4m --day-in 5m', 'Cannot read --day-in: it is given twice, expected once'],
    ['--live=yes', 'Cannot read --live "yes": expected no value'],
    ['--live --once', 'Cannot read --once: --live watches on and on; "npm run audit" audits AWS once'],
    ['--live --day-in 4m', 'Cannot read --day-in: it is for the simulated organisation, not for --live'],
    ['--once --history-days 3', 'Cannot read --history-days: it is for the simulated organisation, not for --once'],
    ['--live --format json', 'Cannot read --format: the service does not end; "npm run audit" takes it'],
    ['--live --fail-on=critical', 'Cannot read --fail-on: the service does not end; "npm run audit" takes it'],
    [
      '--live --accounts all',
      'Cannot read --accounts "all": expected current, organization, or account ids of 12 digits, separated by commas',
    ],
    [
      '--accounts current',
      'Cannot read "--accounts": expected one of --live, --once, --help, --day-in, --history-days; the audit\'s flags go with --live or --once',
    ],
    [
      'now',
      'Cannot read "now": expected one of --live, --once, --help, --day-in, --history-days; the audit\'s flags go with --live or --once',
    ],
  ])('refuses %j', (line, error) => {
    expect(parse(line)).toEqual({ ok: false, error });
  });
});

describe('parsePort', () => {
  it.each([
    [undefined, 4400],
    ['', 4400],
    ['0', 0],
    ['65535', 65_535],
  ])('reads %j', (text, port) => {
    expect(parsePort(text)).toEqual({ ok: true, value: port });
  });

  it.each([['65536'], ['-1'], ['http'], ['44 00']])('refuses %j', (text) => {
    expect(parsePort(text)).toEqual({
      ok: false,
      error: `Cannot read PORT "${text}": expected a whole number from 0 to 65535`,
    });
  });
});
