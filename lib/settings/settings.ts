import * as z from 'zod/mini';
import {
  CONTROL_PLANE_UPDATE_ADDRESSES,
  FREE_PREFIX_RATIO_WARNING,
  FREE_RATIO_WARNING,
  LOAD_BALANCER_ADDRESSES,
} from '../domain/capacity/subnet-status.ts';
import { Notifications, namedChannels, toldChannels } from './notification-settings.ts';
import {
  AccountId,
  Channel,
  exactlyOneOf,
  list,
  map,
  oneLine,
  Pattern,
  RegionPattern,
  spelled,
  TeamName,
  text,
  wholeNumber,
} from './setting-parts.ts';

/**
 * The settings file: what is scanned, who owns it, what counts as scarce, how long things are kept. The message of a rule says
 * what is expected, without a verb: `settings-problem.ts` builds the sentence around it. Descriptions are read in an editor.
 */

/** The smallest and the largest IPv4 subnet: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const SUBNET_PREFIX_LENGTH_MIN = 16;
const SUBNET_PREFIX_LENGTH_MAX = 28;
/** The addresses of a /16 but the five that AWS keeps. */
const USABLE_ADDRESS_COUNT_MAX = 65_531;
/** No 13 months and no 7 years in a row are longer. */
const MONTHS_13_DAYS = 397;
const YEARS_7_DAYS = 2557;
const RETENTION_DAYS_MAX = 36_525;

/**
 * Ids and paths as AWS Organizations spells them in `Account.Paths`:
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html
 */
const OrganizationalUnit = spelled(
  /^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|o-[0-9a-z]{10,32}\/r-[0-9a-z]{4,32}(\/ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})*\/?)$/,
  'the id of an organisational unit or root (ou-ab12-11111111, r-ab12) or its path (o-a1b2c3d4e5/r-ab12/ou-ab12-11111111)',
);

const TAG_PLACES = ['cluster', 'vpc', 'subnet'] as const;
export type TagPlace = (typeof TAG_PLACES)[number];

const TAG_SHAPE = {
  key: text('the key of a tag: 1 to 256 characters').check(z.describe('The key of the tag, exactly as it is spelled')),
  values: list(Pattern).check(
    z.minLength(1, 'at least one pattern'),
    z.describe('Values of the tag, upper and lower case told apart; "*" stands for any text'),
  ),
};
const TagRule = map(TAG_SHAPE);

const PlacedTagRule = map({
  ...TAG_SHAPE,
  on: z._default(
    list(z.enum(TAG_PLACES)).check(
      z.minLength(1, `at least one of ${TAG_PLACES.join(', ')}`),
      z.describe('The resources on which the tag counts'),
    ),
    () => [...TAG_PLACES],
  ),
});
export type PlacedTagRule = z.infer<typeof PlacedTagRule>;

const OwnerMatch = exactlyOneOf(
  'account',
  'organizationalUnit',
  'cluster',
  'tag',
)([
  map({ account: AccountId.check(z.describe('The account that owns the subnet or runs the cluster')) }),
  map({
    organizationalUnit: OrganizationalUnit.check(
      z.describe('An organisational unit: every account in it and in units below it'),
    ),
  }),
  map({
    cluster: map({
      name: Pattern.check(z.describe('The name of the cluster; "*" stands for any text')),
      account: z.optional(AccountId).check(z.describe('The account of the cluster; any account where it is left out')),
    }).check(z.describe('A cluster by its name; a subnet matches where every cluster that it serves does')),
  }),
  map({
    tag: PlacedTagRule.check(z.describe('A tag of the cluster (of every cluster that a subnet serves), VPC or subnet')),
  }),
]);

const OwnerRule = map({
  match: OwnerMatch.check(
    z.describe('What the team owns: exactly one of account, organizationalUnit, cluster and tag'),
  ),
  team: TeamName.check(z.describe('The team, as reports and filters name it')),
  channel: z
    .optional(Channel)
    .check(z.describe('The Slack channel of the team: "#name", in quotes, or the id of the channel')),
  contact: z
    .optional(oneLine('text of 1 to 256 characters without space around, in quotes where it has "#"'))
    .check(z.describe('Whom to ask: an address, a link, a rota')),
});
export type OwnerRule = z.infer<typeof OwnerRule>;

const ProductionRule = exactlyOneOf(
  'tag',
  'cluster',
)([
  map({ tag: TagRule.check(z.describe('A tag of the cluster')) }),
  map({
    cluster: map({ name: Pattern.check(z.describe('The name of the cluster; "*" stands for any text')) }).check(
      z.describe('A cluster by its name'),
    ),
  }),
]);

const ratio = z
  .number('a number from 0 to 1')
  .check(z.gte(0, 'a number from 0 to 1'), z.lte(1, 'a number from 0 to 1'));
const addresses = wholeNumber(0, USABLE_ADDRESS_COUNT_MAX);

const THRESHOLD_SHAPE = {
  freeRatioWarning: ratio.check(z.describe('A subnet is at "warning" below this share of free addresses, 0 to 1')),
  freePrefixRatioWarning: ratio.check(
    z.describe('Where prefixes are in use: a subnet is at "warning" below this share of free /28 blocks, 0 to 1'),
  ),
  controlPlaneUpdateAddresses: addresses.check(
    z.describe(
      "Free addresses that must stay where a cluster's control plane has its interfaces; EKS asks for up to 5",
    ),
  ),
  loadBalancerAddresses: addresses.check(
    z.describe('Free addresses that must stay where load balancers are served; Elastic Load Balancing asks for 8'),
  ),
};

const prefixLength = wholeNumber(SUBNET_PREFIX_LENGTH_MIN, SUBNET_PREFIX_LENGTH_MAX);

const SizeRule = map({
  prefixLengthMin: z._default(
    prefixLength.check(z.describe('The shortest prefix: the largest subnet')),
    SUBNET_PREFIX_LENGTH_MIN,
  ),
  prefixLengthMax: z._default(
    prefixLength.check(z.describe('The longest prefix: the smallest subnet')),
    SUBNET_PREFIX_LENGTH_MAX,
  ),
}).check(
  z.refine(({ prefixLengthMin, prefixLengthMax }) => prefixLengthMin <= prefixLengthMax, {
    path: ['prefixLengthMin'],
    error: 'at most prefixLengthMax',
  }),
);

const ThresholdMatch = exactlyOneOf(
  'tag',
  'account',
  'size',
)([
  map({ tag: PlacedTagRule.check(z.describe('A tag of the subnet, its VPC or any cluster that it serves')) }),
  map({ account: AccountId.check(z.describe('The account that owns the subnet')) }),
  map({
    size: SizeRule.check(z.describe('The size of the subnet, as the prefix length of its CIDR block; both ends count')),
  }),
]);

const ThresholdOverride = map({
  match: ThresholdMatch.check(z.describe('Which subnets: exactly one of tag, account and size')),
  freeRatioWarning: z.optional(THRESHOLD_SHAPE.freeRatioWarning),
  freePrefixRatioWarning: z.optional(THRESHOLD_SHAPE.freePrefixRatioWarning),
  controlPlaneUpdateAddresses: z.optional(THRESHOLD_SHAPE.controlPlaneUpdateAddresses),
  loadBalancerAddresses: z.optional(THRESHOLD_SHAPE.loadBalancerAddresses),
}).check(
  z.refine(({ match: _, ...thresholds }) => Object.keys(thresholds).length > 0, {
    error: `at least one of ${Object.keys(THRESHOLD_SHAPE).join(', ')} beside "match"`,
  }),
);

const Scope = map({
  accounts: z.prefault(
    map({
      include: z._default(
        list(AccountId).check(
          z.describe('Account ids, in quotes: scanned whatever their unit. Both includes empty: every account'),
        ),
        () => [],
      ),
      exclude: z._default(list(AccountId).check(z.describe('Account ids, in quotes: never scanned')), () => []),
    }).check(z.describe('Accounts named one by one; they win over organisational units')),
    () => ({}),
  ),
  organizationalUnits: z.prefault(
    map({
      include: z._default(
        list(OrganizationalUnit).check(
          z.describe('Ids or paths of organisational units, with every unit below. Both includes empty: every account'),
        ),
        () => [],
      ),
      exclude: z._default(
        list(OrganizationalUnit).check(
          z.describe('Ids or paths of organisational units, with every unit below; accounts.include wins over it'),
        ),
        () => [],
      ),
    }).check(z.describe('Accounts by where they stand in the organisation')),
    () => ({}),
  ),
  regions: z.prefault(
    map({
      include: z._default(
        list(RegionPattern).check(z.describe('Names of regions, or a start and "*"; empty: every enabled one')),
        () => [],
      ),
      exclude: z._default(
        list(RegionPattern).check(z.describe('Names of regions, or a start and "*"; wins over include')),
        () => [],
      ),
    }).check(z.describe('Regions, besides those that an account has not enabled')),
    () => ({}),
  ),
});
export type Scope = z.infer<typeof Scope>;

const Thresholds = map({
  freeRatioWarning: z._default(THRESHOLD_SHAPE.freeRatioWarning, FREE_RATIO_WARNING),
  freePrefixRatioWarning: z._default(THRESHOLD_SHAPE.freePrefixRatioWarning, FREE_PREFIX_RATIO_WARNING),
  controlPlaneUpdateAddresses: z._default(THRESHOLD_SHAPE.controlPlaneUpdateAddresses, CONTROL_PLANE_UPDATE_ADDRESSES),
  loadBalancerAddresses: z._default(THRESHOLD_SHAPE.loadBalancerAddresses, LOAD_BALANCER_ADDRESSES),
  overrides: z._default(
    list(ThresholdOverride).check(
      z.describe(
        'Other thresholds for some subnets. The first entry that matches holds; what it leaves out is as above',
      ),
    ),
    () => [],
  ),
});

const days = wholeNumber(1, RETENTION_DAYS_MAX);

const Retention = map({
  sixHourlyFactsDays: z._default(days.check(z.describe('What was seen of a VPC, every 6 hours')), 30),
  dailyFactsDays: z._default(days.check(z.describe('What was seen of a VPC, once a day')), MONTHS_13_DAYS),
  hourlySeriesDays: z._default(days.check(z.describe('The hourly points of every subnet')), 90),
  dailySeriesDays: z._default(days.check(z.describe('The daily roll-ups of every subnet')), MONTHS_13_DAYS),
  goneResourcesDays: z._default(days.check(z.describe('Subnets and clusters that no longer exist')), MONTHS_13_DAYS),
  alertsDays: z._default(days.check(z.describe('Alerts and their history')), MONTHS_13_DAYS),
  signedDays: z._default(days.check(z.describe('What people signed: attestations and waivers')), YEARS_7_DAYS),
}).check(
  z.refine(({ sixHourlyFactsDays, dailyFactsDays }) => sixHourlyFactsDays <= dailyFactsDays, {
    path: ['sixHourlyFactsDays'],
    error: 'at most dailyFactsDays: the coarser facts are kept longer',
  }),
  z.refine(({ hourlySeriesDays, dailySeriesDays }) => hourlySeriesDays <= dailySeriesDays, {
    path: ['hourlySeriesDays'],
    error: 'at most dailySeriesDays: the coarser series is kept longer',
  }),
);

/** Each is five series; what scrapes them has its own limit, and so have answers of API Gateway, of 10 MB. */
const METRICS_SUBNETS_MAX = 10_000;

const Metrics = map({
  subnetsMax: z._default(
    wholeNumber(0, METRICS_SUBNETS_MAX).check(
      z.describe('Of so many subnets, the most urgent, /metrics has gauges of their own: five series each'),
    ),
    500,
  ),
});

/** The settings with every default filled in. */
export const Settings = map({
  scope: z.prefault(Scope.check(z.describe('What is scanned. Everything, where nothing is said')), () => ({})),
  owners: z._default(
    list(OwnerRule).check(
      z.describe('Who owns what. The first rule that matches wins: put the most specific rules first'),
    ),
    () => [],
  ),
  production: z._default(
    list(ProductionRule).check(z.describe('Which clusters are production: those that any entry matches')),
    () => [
      { tag: { key: 'environment', values: ['prod', 'production'] } },
      { tag: { key: 'env', values: ['prod', 'production'] } },
    ],
  ),
  iacPrincipals: z._default(
    list(
      spelled(
        /^(arn:aws[a-z-]*:(iam|sts)::(\d{12}|\*):\S{1,1024}|[a-z0-9-]{1,63}\.amazonaws\.com)$/,
        'the ARN of an IAM role or user, with "*" for any text, or an AWS service (cloudformation.amazonaws.com)',
      ),
    ).check(z.describe('Who changes networks by infrastructure as code: ARNs of IAM roles or users, or AWS services')),
    () => ['cloudformation.amazonaws.com'],
  ),
  thresholds: z.prefault(Thresholds.check(z.describe('When a subnet is short of room')), () => ({})),
  retention: z.prefault(Retention.check(z.describe('How long things are kept, in days')), () => ({})),
  metrics: z.prefault(Metrics.check(z.describe('What /metrics tells besides its roll-ups')), () => ({})),
  notifications: z.prefault(Notifications.check(z.describe('Who is told of alerts, where and when')), () => ({})),
}).check(
  z.superRefine(({ notifications: { slack }, owners }, context) => {
    const told = toldChannels(slack, owners);
    for (const { path, channel } of slack === undefined ? [] : namedChannels(slack)) {
      if (!told.includes(channel)) {
        const message = `a channel of defaultChannel, routes or owners, spelled the same: ${told.join(', ') || 'there is none'}`;
        context.addIssue({ code: 'custom', path: ['notifications', 'slack', ...path], message });
      }
    }
  }),
  z.describe('Settings of Elbowroom'),
);
export type Settings = z.infer<typeof Settings>;

/** Returns the settings of an empty file. */
export function defaultSettings(): Settings {
  return Settings.parse({});
}
