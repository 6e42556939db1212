import { describe, expect, it } from 'vitest';
import { accountScope, regionScope } from '../../lib/settings/scope.ts';
import { Settings } from '../../lib/settings/settings.ts';
import { ACCOUNT_ID, anAccount, OTHER_ACCOUNT_ID } from './subjects.ts';

const IN = { state: 'in-scope' };
const NOT_INCLUDED = { state: 'out-of-scope', reason: { code: 'not-included' } };
const NOT_SEEN = { state: 'unknown', notSeen: 'organizational-units' };
const excludedBy = (path: string) => ({ state: 'out-of-scope', reason: { code: 'excluded', path } });

const UNIT = 'ou-ab12-22222222';
const UNIT_ABOVE = 'ou-ab12-11111111';
const UNIT_ELSEWHERE = 'ou-ab12-99999999';

describe('accountScope', () => {
  it.each([
    ['nothing is said', {}, IN],
    ['the account is included', { accounts: { include: [ACCOUNT_ID] } }, IN],
    ['another account is included', { accounts: { include: [OTHER_ACCOUNT_ID] } }, NOT_INCLUDED],
    [
      'the account is excluded',
      { accounts: { exclude: [OTHER_ACCOUNT_ID, ACCOUNT_ID] } },
      excludedBy('scope.accounts.exclude[1]'),
    ],
    [
      'the account is included and excluded',
      { accounts: { include: [ACCOUNT_ID], exclude: [ACCOUNT_ID] } },
      excludedBy('scope.accounts.exclude[0]'),
    ],
    ['its unit is included', { organizationalUnits: { include: [UNIT] } }, IN],
    ['a unit above is included', { organizationalUnits: { include: [UNIT_ABOVE] } }, IN],
    ['the root is included', { organizationalUnits: { include: ['r-ab12'] } }, IN],
    ['another unit is included', { organizationalUnits: { include: [UNIT_ELSEWHERE] } }, NOT_INCLUDED],
    [
      'its unit is excluded inside an included one',
      { organizationalUnits: { include: [UNIT_ABOVE], exclude: [UNIT_ELSEWHERE, UNIT] } },
      excludedBy('scope.organizationalUnits.exclude[1]'),
    ],
    [
      'the account is included and its unit is excluded',
      { accounts: { include: [ACCOUNT_ID] }, organizationalUnits: { exclude: [UNIT] } },
      IN,
    ],
    [
      'another account and its own unit are included',
      { accounts: { include: [OTHER_ACCOUNT_ID] }, organizationalUnits: { include: [UNIT] } },
      IN,
    ],
  ])('decides where %s', (_, scope, expected) => {
    expect(accountScope(Settings.parse({ scope }), anAccount())).toEqual(expected);
  });

  it.each([
    ['o-a1b2c3d4e5', false],
    ['o-a1b2c3d4e5/r-ab12', true],
    ['o-a1b2c3d4e5/r-ab12/', true],
    ['o-a1b2c3d4e5/r-ab12/ou-ab12-11111111', true],
    ['o-a1b2c3d4e5/r-ab12/ou-ab12-22222222', false],
    ['o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/', true],
    ['o-zzzzzzzzzz/r-ab12/ou-ab12-11111111', false],
    ['ou-ab12-1111111111', false],
  ])('takes the unit %s to hold the account: %s', (unit, isHeld) => {
    const settings = Settings.safeParse({ scope: { organizationalUnits: { include: [unit] } } });
    // An organisation by itself is no unit: the settings refuse it.
    expect(settings.success && accountScope(settings.data, anAccount()).state === 'in-scope').toBe(isHeld);
  });

  it.each([
    ['no unit is named', {}, IN],
    [
      'the account itself is included',
      { accounts: { include: [ACCOUNT_ID] }, organizationalUnits: { exclude: [UNIT] } },
      IN,
    ],
    ['a unit is excluded', { organizationalUnits: { exclude: [UNIT] } }, NOT_SEEN],
    ['a unit is included', { organizationalUnits: { include: [UNIT] } }, NOT_SEEN],
    [
      'only another account is included',
      { accounts: { include: [OTHER_ACCOUNT_ID] }, organizationalUnits: { exclude: [UNIT] } },
      NOT_INCLUDED,
    ],
  ])('does not guess where the units were not seen and %s', (_, scope, expected) => {
    expect(accountScope(Settings.parse({ scope }), anAccount({ organizationalUnitPaths: undefined }))).toEqual(
      expected,
    );
  });
});

describe('regionScope', () => {
  it.each([
    ['eu-central-1', {}, IN],
    ['eu-central-1', { include: ['eu-central-1'] }, IN],
    ['eu-central-2', { include: ['eu-central-1'] }, NOT_INCLUDED],
    ['eu-central-1', { include: ['eu-*'] }, IN],
    ['us-east-1', { include: ['eu-*'] }, NOT_INCLUDED],
    [
      'eu-south-2',
      { include: ['eu-*'], exclude: ['eu-north-1', 'eu-south-2'] },
      excludedBy('scope.regions.exclude[1]'),
    ],
    ['eu-south-2', { exclude: ['eu-s*'] }, excludedBy('scope.regions.exclude[0]')],
    ['eu-north-1', { exclude: ['eu-s*'] }, IN],
    ['eu-north-1', { include: ['*'], exclude: ['*'] }, excludedBy('scope.regions.exclude[0]')],
  ])('decides on %s under %j', (region, regions, expected) => {
    expect(regionScope(Settings.parse({ scope: { regions } }), region)).toEqual(expected);
  });
});
