import { describe, expect, it } from 'vitest';
import {
  CONTROL_PLANE_UPDATE_ADDRESSES,
  FREE_PREFIX_RATIO_WARNING,
  FREE_RATIO_WARNING,
  LOAD_BALANCER_ADDRESSES,
} from '../../lib/domain/capacity/subnet-status.ts';
import { defaultSettings, Settings } from '../../lib/settings/settings.ts';

/** Settings with one value at a path such as `owners.0.team`, valid around it. */
function settingsWith(path: string, value: unknown): unknown {
  const account = { account: '111122223333' };
  const settings = {
    scope: { accounts: {}, organizationalUnits: {}, regions: {} },
    owners: [
      { match: account, team: 'a' },
      { match: { tag: { key: 'a', values: ['b'] } }, team: 'a' },
      { match: { cluster: { name: 'a' } }, team: 'a' },
      { match: { organizationalUnit: 'r-ab12' }, team: 'a' },
    ],
    production: [{ tag: { key: 'a', values: ['b'] } }, { cluster: { name: 'a' } }],
    thresholds: {
      overrides: [
        { match: account, freeRatioWarning: 0.1 },
        { match: { size: {} }, freeRatioWarning: 0.1 },
      ],
    },
    retention: {},
    metrics: {},
    notifications: {
      slack: {
        defaultChannel: '#b',
        routes: [
          { match: { team: 'a' }, channel: '#a' },
          { match: { team: 'b' }, channel: '#a' },
        ],
        quietHours: [{ from: '22:00', to: '07:00' }],
        mentions: [{ mention: 'here' }],
        writers: [{ userId: 'U0123456789' }],
        webhooks: ['#a'],
      },
    },
  };
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let target: object = settings;
  for (const step of steps) {
    target = Reflect.get(target, step);
  }
  Reflect.set(target, last, value);
  return settings;
}

const longest = 'x'.repeat(256);
const tooLong = 'x'.repeat(257);

describe('Settings', () => {
  it('has the thresholds of the status rules and the retention of 13 months and 7 years by default', () => {
    expect(defaultSettings()).toEqual({
      scope: {
        accounts: { include: [], exclude: [] },
        organizationalUnits: { include: [], exclude: [] },
        regions: { include: [], exclude: [] },
      },
      owners: [],
      production: [
        { tag: { key: 'environment', values: ['prod', 'production'] } },
        { tag: { key: 'env', values: ['prod', 'production'] } },
      ],
      iacPrincipals: ['cloudformation.amazonaws.com'],
      thresholds: {
        freeRatioWarning: FREE_RATIO_WARNING,
        freePrefixRatioWarning: FREE_PREFIX_RATIO_WARNING,
        controlPlaneUpdateAddresses: CONTROL_PLANE_UPDATE_ADDRESSES,
        loadBalancerAddresses: LOAD_BALANCER_ADDRESSES,
        overrides: [],
      },
      retention: {
        sixHourlyFactsDays: 30,
        dailyFactsDays: 397,
        hourlySeriesDays: 90,
        dailySeriesDays: 397,
        goneResourcesDays: 397,
        alertsDays: 397,
        signedDays: 2557,
      },
      metrics: { subnetsMax: 500 },
      notifications: { eventBus: false, email: false },
    });
  });

  it('sends a digest at 8 in UTC, and calls nobody, where Slack is only named', () => {
    expect(Settings.parse({ notifications: { slack: {} } }).notifications.slack).toEqual({
      routes: [],
      quietHours: [],
      mentions: [],
      writers: [],
      webhooks: [],
      digestAt: '08:00',
      timeZone: 'UTC',
    });
  });

  it('gives each caller defaults of its own', () => {
    defaultSettings().iacPrincipals.push('changed.amazonaws.com');
    defaultSettings().scope.accounts.include.push('111122223333');
    expect(defaultSettings().iacPrincipals).toEqual(['cloudformation.amazonaws.com']);
    expect(defaultSettings().scope.accounts.include).toEqual([]);
  });

  it.each([
    [
      'scope.accounts.include',
      [[], ['012345678901']],
      [['12345678901'], ['1234567890123'], [111122223333], 'x', [' 111122223333']],
    ],
    ['scope.accounts.exclude', [[], ['012345678901']], [['12345678901'], ['1234567890123'], [null]]],
    [
      'scope.organizationalUnits.include',
      [['r-ab12'], ['ou-ab12-11111111'], ['o-a1b2c3d4e5/r-ab12'], ['o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/']],
      [
        ['Workloads'],
        ['/Workloads'],
        ['ou-ab12'],
        ['o-a1b2c3d4e5'],
        ['o-a1b2c3d4e5/r-ab12/111122223333'],
        ['ou-ab12-1111111'],
      ],
    ],
    ['scope.organizationalUnits.exclude', [['r-ab12']], [['*'], ['']]],
    [
      'scope.regions.include',
      [['eu-central-1'], ['us-gov-west-1'], ['us-iso-east-1'], ['eusc-de-east-1'], ['eu-*'], ['eu-central-*'], ['*']],
      [['eu-central'], ['eu_central_1'], ['*-1'], ['eu-*-1'], ['EU-*'], ['-*'], [''], ['eu-central-1a']],
    ],
    ['scope.regions.exclude', [['eu-*']], [['*-1']]],
    ['owners.0.team', ['a', 'a b', longest], ['', ' ', ' a', 'a ', 'a\nb', tooLong, 7, null, undefined]],
    [
      'owners.0.channel',
      ['#a', '#größe-1_x', 'C0123456789', undefined],
      ['a', '#', '#A', '#a b', '##a', 'c0123456789', null, ''],
    ],
    ['owners.0.contact', ['a', longest, undefined], ['', tooLong, null]],
    ['owners.0.unknown', [], [1, null]],
    [
      'owners.0.match',
      [{ account: '111122223333' }],
      [undefined, null, {}, [], 'a', { account: '111122223333', organizationalUnit: 'r-ab12' }],
    ],
    ['owners.0.match.account', ['012345678901'], ['x', undefined]],
    ['owners.1.match.tag.key', ['a', longest], ['', tooLong, undefined]],
    ['owners.1.match.tag.values', [['a'], ['*'], ['a', 'b'], [longest]], [[], [''], 'a', [true], [tooLong], undefined]],
    ['owners.1.match.tag.on', [['cluster'], ['vpc', 'subnet'], undefined], [[], ['node'], 'cluster']],
    ['owners.2.match.cluster.name', ['a', '*', longest], ['', tooLong, undefined, 5]],
    ['owners.2.match.cluster.account', ['012345678901', undefined], ['*', null]],
    ['owners.3.match.organizationalUnit', ['ou-ab12-11111111'], ['*', undefined]],
    ['production', [[]], [null, {}]],
    ['production.0.tag.values', [['a']], [[]]],
    ['production.0.tag.on', [], [['cluster']]],
    ['production.1.cluster.name', ['a*'], ['']],
    ['production.1.cluster.account', [], ['111122223333']],
    [
      'iacPrincipals',
      [
        [],
        ['cloudformation.amazonaws.com'],
        ['arn:aws:iam::*:role/x'],
        ['arn:aws-us-gov:sts::111122223333:assumed-role/x/*'],
      ],
      [
        ['*'],
        ['arn:*'],
        ['arn:aws:s3:::x'],
        ['arn:aws:iam::1234:role/x'],
        ['example.com'],
        ['arn:aws:iam::*:role/a b'],
      ],
    ],
    ['thresholds.freeRatioWarning', [0, 0.15, 1], [-0.01, 1.01, '0.1', null, Number.NaN]],
    ['thresholds.freePrefixRatioWarning', [0, 1], [-0.01, 1.01]],
    ['thresholds.controlPlaneUpdateAddresses', [0, 65_531], [-1, 65_532, 1.5]],
    ['thresholds.loadBalancerAddresses', [0, 65_531], [-1, 65_532, 1.5]],
    ['thresholds.overrides.0.freePrefixRatioWarning', [0, 1], [-0.01, 1.01, null]],
    ['thresholds.overrides.0.controlPlaneUpdateAddresses', [0, 65_531], [-1, 65_532]],
    ['thresholds.overrides.0.loadBalancerAddresses', [0, 65_531], [-1, 65_532]],
    ['thresholds.overrides.1.match.size.prefixLengthMin', [16, 28], [15, 29, 20.5]],
    ['thresholds.overrides.1.match.size.prefixLengthMax', [16, 28], [15, 29]],
    [
      'thresholds.overrides.1.match.size',
      [{ prefixLengthMin: 24, prefixLengthMax: 24 }],
      [{ prefixLengthMin: 25, prefixLengthMax: 24 }],
    ],
    ['retention.sixHourlyFactsDays', [1, 397], [0, 398, 1.5]],
    ['retention.dailyFactsDays', [30, 36_525], [29, 36_526]],
    ['retention.hourlySeriesDays', [1, 397], [0, 398]],
    ['retention.dailySeriesDays', [90, 36_525], [89, 36_526]],
    ['retention.goneResourcesDays', [1, 36_525], [0, 36_526]],
    ['retention.alertsDays', [1, 36_525], [0, 36_526]],
    ['retention.signedDays', [1, 36_525], [0, 36_526]],
    ['metrics.subnetsMax', [0, 10_000], [-1, 10_001, 1.5]],
    ['notifications.eventBus', [true, false], ['true', 1, null]],
    ['notifications.email', [true, false], ['a@example.com', null]],
    [
      'notifications.baseUrl',
      ['https://a.example', 'http://127.0.0.1:4400', 'https://a.example/elbowroom', undefined],
      ['a.example', 'ftp://a.example', 'https://a.example/?x', 'https://a.example/#x', 'https://', 'https://a b', null],
    ],
    ['notifications.slack', [undefined, {}], [null, true, { token: 'x' }]],
    ['notifications.slack.defaultChannel', ['#a', 'C0123456789', undefined], ['a', null]],
    ['notifications.slack.routes.0.channel', ['#a', 'G0123456789'], ['a', undefined]],
    [
      'notifications.slack.routes.0.match',
      [
        { team: 'a' },
        { account: '111122223333' },
        { region: 'eu-*' },
        { cluster: '*-prod' },
        { kind: 'no-free-prefix' },
        { severity: 'info' },
        { team: 'a', severity: 'critical' },
      ],
      [{}, undefined, { kind: 'x' }, { severity: 'bad' }, { account: 'x' }, { region: '' }, { tag: 'x' }],
    ],
    ['notifications.slack.quietHours.0.from', ['00:00', '23:59'], ['24:00', '7:00', '22:60', '07:00', 420, undefined]],
    ['notifications.slack.quietHours.0.to', ['00:00', '24:00'], ['22:00', '24:01', '7:00', undefined]],
    [
      'notifications.slack.quietHours.0.timeZone',
      ['Europe/Berlin', 'UTC', undefined],
      ['Berlin', '', 'Mars/Olympus', 1],
    ],
    ['notifications.slack.quietHours.0.days', [['monday'], undefined], [[], ['mon'], ['Monday']]],
    ['notifications.slack.quietHours.0.channels', [['#a'], undefined], [[], ['a'], ['#a', '#c']]],
    [
      'notifications.slack.mentions.0.mention',
      ['here', 'U0123456789', 'W0123456789', 'S0123456789'],
      ['channel', 'everyone', '@ana', 'C0123456789', undefined],
    ],
    ['notifications.slack.mentions.0.channel', ['#a', '#b', undefined], ['a', '#c']],
    ['notifications.slack.writers.0.userId', ['W0123456789'], ['ana', 'C0123456789', undefined]],
    ['notifications.slack.writers.0.name', ['Ana', undefined], ['', null]],
    ['notifications.slack.webhooks', [['#a', '#b'], []], [['#c'], ['a'], ['https://hooks.slack.com/x'], [{}]]],
    ['notifications.slack.digestAt', ['00:00', '23:59', 'never', undefined], ['24:00', '8:00', 480, null]],
    ['notifications.slack.timeZone', ['America/New_York', undefined], ['x', null]],
    ['alerts', [], [{}, null]],
  ] satisfies readonly (readonly [string, readonly unknown[], readonly unknown[]])[])(
    'tells right from wrong at %s',
    (path, right, wrong) => {
      expect(right.filter((value) => !Settings.safeParse(settingsWith(path, value)).success)).toEqual([]);
      expect(wrong.filter((value) => Settings.safeParse(settingsWith(path, value)).success)).toEqual([]);
    },
  );

  it('asks an override for at least one threshold', () => {
    const overriding = (override: object) => Settings.safeParse({ thresholds: { overrides: [override] } }).success;
    const match = { account: '111122223333' };
    expect(overriding({ match })).toBe(false);
    expect(overriding({ match, loadBalancerAddresses: 0 })).toBe(true);
  });

  it('takes 5000 entries of a list and no more', () => {
    const include = Array.from({ length: 5001 }, () => '111122223333');
    expect(Settings.safeParse({ scope: { accounts: { include: include.slice(1) } } }).success).toBe(true);
    expect(Settings.safeParse({ scope: { accounts: { include } } }).success).toBe(false);
  });
});
