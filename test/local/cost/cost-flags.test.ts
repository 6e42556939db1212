import { describe, expect, it } from 'vitest';
import { parseCostFlags } from '../../../lib/local/cost/cost-flags.ts';
import { readMeasuredUsage } from '../../../lib/local/cost/measured-usage.ts';

const measured = readMeasuredUsage();
const FLEET = ['--accounts', '1000', '--regions', '4'];

describe('the command line of the bill', () => {
  it('takes a fleet as dense as the measured one where nobody says more', () => {
    expect(parseCostFlags(FLEET, measured)).toEqual({
      ok: true,
      value: { format: 'table', shape: { accounts: 1000, regions: 4, clusters: 8000, atRiskRegions: 400 } },
    });
  });

  it('takes what is said', () => {
    expect(parseCostFlags([...FLEET, '--clusters', '0', '--at-risk', '7', '--format', 'json'], measured)).toEqual({
      ok: true,
      value: { format: 'json', shape: { accounts: 1000, regions: 4, clusters: 0, atRiskRegions: 7 } },
    });
    expect(parseCostFlags(['--help'], measured)).toEqual({ ok: true, value: 'help' });
  });

  it.each([
    [[], 'Cannot read --accounts: it is not given, expected a whole number'],
    [['--accounts', '10'], 'Cannot read --regions: it is not given'],
    [['--accounts', '-1', '--regions', '4'], "Option '--accounts' argument is ambiguous"],
    [['--accounts=-1', '--regions', '4'], 'Cannot read --accounts: it is "-1", expected a whole number'],
    [['--accounts', '1e3', '--regions', '4'], 'Cannot read --accounts: it is "1e3"'],
    [[...FLEET, '--clusters', 'many'], 'Cannot read --clusters: it is "many"'],
    [[...FLEET, '--at-risk', ''], 'Cannot read --at-risk: it is ""'],
    [[...FLEET, '--format', 'csv'], 'Cannot read --format: it is "csv", expected table or json'],
    [[...FLEET, '--nodes', '3'], "Unknown option '--nodes'"],
  ])('refuses %j', (argv, reason) => {
    expect(parseCostFlags(argv, measured)).toEqual({ ok: false, error: expect.stringContaining(reason) });
  });
});
