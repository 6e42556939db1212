import * as fc from 'fast-check';
import { Settings } from '../../lib/settings/settings.ts';

/** Settings that a file may hold, with text that YAML would read as something else where nobody quoted it. */

const accountId = fc.constantFrom('111122223333', '012345678901', '000000000000');
const anyText = fc.oneof(
  fc.constantFrom(
    '*',
    '*-prod',
    '#x',
    'true',
    'null',
    '~',
    '1e3',
    '0x1f',
    '- a',
    'a: b',
    '__proto__',
    ' a ',
    'no',
    '\u2028',
  ),
  fc.string({ minLength: 1, maxLength: 20 }),
);
const oneLine = fc.constantFrom('payments', 'a b', '7', 'Größe', '"', "it's", '[x]', '{', '&a', '!x', '%', '@x', '`');
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const list = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 3 });
const tag = fc.record({ key: anyText, values: fc.array(anyText, { minLength: 1, maxLength: 3 }) });
const placedTag = fc.record({
  key: anyText,
  values: fc.array(anyText, { minLength: 1, maxLength: 3 }),
  on: optional(fc.uniqueArray(fc.constantFrom('cluster', 'vpc', 'subnet'), { minLength: 1 })),
});
const unit = fc.constantFrom(
  'ou-ab12-11111111',
  'r-ab12',
  'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111',
  'o-a1b2c3d4e5/r-ab12',
);
const region = fc.constantFrom('eu-central-1', 'us-gov-west-1', 'eu-*', '*');
const days = fc.integer({ min: 1, max: 36_525 });
const threshold = {
  freeRatioWarning: fc.double({ min: 0, max: 1, noNaN: true }),
  freePrefixRatioWarning: fc.constantFrom(0, 1e-7, 0.1, 1),
  controlPlaneUpdateAddresses: fc.integer({ min: 0, max: 65_531 }),
  loadBalancerAddresses: fc.integer({ min: 0, max: 65_531 }),
};

export const ownerRule = fc.record({
  match: fc.oneof(
    fc.record({ account: accountId }),
    fc.record({ organizationalUnit: unit }),
    fc.record({ cluster: fc.record({ name: anyText, account: optional(accountId) }) }),
    fc.record({ tag: placedTag }),
  ),
  team: oneLine,
  channel: optional(fc.constantFrom('#payments', '#größe_1', 'C0123456789')),
  contact: optional(oneLine),
});

const override = fc
  .tuple(
    fc.oneof(
      fc.record({ account: accountId }),
      fc.record({ tag: placedTag }),
      fc.record({
        size: fc.record({ prefixLengthMin: fc.integer({ min: 16, max: 22 }), prefixLengthMax: fc.constant(22) }),
      }),
    ),
    fc.record(threshold, { requiredKeys: ['freeRatioWarning'] }),
  )
  .map(([match, thresholds]) => ({ match, ...thresholds }));

const includeAndExclude = <T>(item: fc.Arbitrary<T>) => fc.record({ include: list(item), exclude: list(item) });

const channel = fc.constantFrom('#payments', '#größe_1', 'C0123456789');
const timeZone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe');
const timeOfDay = fc.constantFrom('00:00', '07:00', '23:59');

/** Something has to be told in a channel before anything else may be said of it. */
const TOLD = ['#payments', '#größe_1', 'C0123456789'].map((told) => ({ match: { team: 'x' }, channel: told }));

const slack = fc
  .record(
    {
      defaultChannel: channel,
      routes: list(
        fc.record({
          match: fc.record(
            {
              team: oneLine,
              account: accountId,
              region,
              cluster: anyText,
              severity: fc.constantFrom('critical', 'info'),
            },
            { requiredKeys: ['team'] },
          ),
          channel,
        }),
      ),
      quietHours: list(
        fc.record(
          {
            channels: fc.array(channel, { minLength: 1, maxLength: 3 }),
            from: timeOfDay,
            to: fc.constant('24:00'),
            timeZone,
            days: fc.uniqueArray(fc.constantFrom('monday', 'sunday'), { minLength: 1 }),
          },
          { requiredKeys: ['from', 'to'] },
        ),
      ),
      mentions: list(fc.record({ channel: optional(channel), mention: fc.constantFrom('here', 'U0123456789') })),
      writers: list(fc.record({ userId: fc.constant('U0123456789'), name: optional(oneLine) })),
      webhooks: list(channel),
      digestAt: fc.constantFrom('08:00', 'never'),
      timeZone,
    },
    { requiredKeys: [] },
  )
  .map((written) => ({ ...written, routes: [...(written.routes ?? []), ...TOLD] }));

/** What may be written: every key there or not. */
export const writtenSettings = fc.record(
  {
    scope: fc.record(
      {
        accounts: includeAndExclude(accountId),
        organizationalUnits: includeAndExclude(unit),
        regions: includeAndExclude(region),
      },
      { requiredKeys: [] },
    ),
    owners: list(ownerRule),
    production: list(fc.oneof(fc.record({ tag }), fc.record({ cluster: fc.record({ name: anyText }) }))),
    iacPrincipals: list(fc.constantFrom('cloudformation.amazonaws.com', 'arn:aws:iam::*:role/x-*')),
    thresholds: fc.record({ ...threshold, overrides: list(override) }, { requiredKeys: [] }),
    retention: fc
      .record({ sixHourlyFactsDays: days, dailyFactsDays: days, signedDays: days })
      .filter(({ sixHourlyFactsDays, dailyFactsDays }) => sixHourlyFactsDays <= dailyFactsDays),
    metrics: fc.record({ subnetsMax: fc.nat(10_000) }, { requiredKeys: [] }),
    notifications: fc.record(
      {
        slack,
        eventBus: fc.boolean(),
        email: fc.boolean(),
        baseUrl: fc.constantFrom('https://elbowroom.example', 'http://127.0.0.1:4400/x'),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

export const settings = writtenSettings.map((written) => Settings.parse(written));
