import * as z from 'zod';
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
 * what is expected, without a verb: `parse-settings.ts` builds the sentence around it. Descriptions are read in an editor.
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
  key: text('the key of a tag: 1 to 256 characters').describe('The key of the tag, exactly as it is spelled'),
  values: list(Pattern)
    .min(1, 'at least one pattern')
    .describe('Values of the tag, upper and lower case told apart; "*" stands for any text'),
};
const TagRule = map(TAG_SHAPE);

const PlacedTagRule = map({
  ...TAG_SHAPE,
  on: list(z.enum(TAG_PLACES))
    .min(1, `at least one of ${TAG_PLACES.join(', ')}`)
    .default([...TAG_PLACES])
    .describe('The resources on which the tag counts'),
});
export type PlacedTagRule = z.infer<typeof PlacedTagRule>;

const OwnerMatch = exactlyOneOf(
  'account',
  'organizationalUnit',
  'cluster',
  'tag',
)([
  map({ account: AccountId.describe('The account that owns the subnet or runs the cluster') }),
  map({
    organizationalUnit: OrganizationalUnit.describe(
      'An organisational unit: every account in it and in units below it',
    ),
  }),
  map({
    cluster: map({
      name: Pattern.describe('The name of the cluster; "*" stands for any text'),
      account: AccountId.optional().describe('The account of the cluster; any account where it is left out'),
    }).describe('A cluster by its name; a subnet matches where every cluster that it serves does'),
  }),
  map({ tag: PlacedTagRule.describe('A tag of the cluster (of every cluster that a subnet serves), VPC or subnet') }),
]);

const OwnerRule = map({
  match: OwnerMatch.describe('What the team owns: exactly one of account, organizationalUnit, cluster and tag'),
  team: TeamName.describe('The team, as reports and filters name it'),
  channel: Channel.optional().describe('The Slack channel of the team: "#name", in quotes, or the id of the channel'),
  contact: oneLine('text of 1 to 256 characters without space around, in quotes where it has "#"')
    .optional()
    .describe('Whom to ask: an address, a link, a rota'),
});
export type OwnerRule = z.infer<typeof OwnerRule>;

const ProductionRule = exactlyOneOf(
  'tag',
  'cluster',
)([
  map({ tag: TagRule.describe('A tag of the cluster') }),
  map({
    cluster: map({ name: Pattern.describe('The name of the cluster; "*" stands for any text') }).describe(
      'A cluster by its name',
    ),
  }),
]);

const ratio = z.number('a number from 0 to 1').min(0, 'a number from 0 to 1').max(1, 'a number from 0 to 1');
const addresses = wholeNumber(0, USABLE_ADDRESS_COUNT_MAX);

const THRESHOLD_SHAPE = {
  freeRatioWarning: ratio.describe('A subnet is at "warning" below this share of free addresses, 0 to 1'),
  freePrefixRatioWarning: ratio.describe(
    'Where prefixes are in use: a subnet is at "warning" below this share of free /28 blocks, 0 to 1',
  ),
  controlPlaneUpdateAddresses: addresses.describe(
    "Free addresses that must stay where a cluster's control plane has its interfaces; EKS asks for up to 5",
  ),
  loadBalancerAddresses: addresses.describe(
    'Free addresses that must stay where load balancers are served; Elastic Load Balancing asks for 8',
  ),
};

const prefixLength = wholeNumber(SUBNET_PREFIX_LENGTH_MIN, SUBNET_PREFIX_LENGTH_MAX);

const SizeRule = map({
  prefixLengthMin: prefixLength.default(SUBNET_PREFIX_LENGTH_MIN).describe('The shortest prefix: the largest subnet'),
  prefixLengthMax: prefixLength.default(SUBNET_PREFIX_LENGTH_MAX).describe('The longest prefix: the smallest subnet'),
}).refine(({ prefixLengthMin, prefixLengthMax }) => prefixLengthMin <= prefixLengthMax, {
  path: ['prefixLengthMin'],
  error: 'at most prefixLengthMax',
});

const ThresholdMatch = exactlyOneOf(
  'tag',
  'account',
  'size',
)([
  map({ tag: PlacedTagRule.describe('A tag of the subnet, its VPC or any cluster that it serves') }),
  map({ account: AccountId.describe('The account that owns the subnet') }),
  map({ size: SizeRule.describe('The size of the subnet, as the prefix length of its CIDR block; both ends count') }),
]);

const ThresholdOverride = map({
  match: ThresholdMatch.describe('Which subnets: exactly one of tag, account and size'),
  freeRatioWarning: THRESHOLD_SHAPE.freeRatioWarning.optional(),
  freePrefixRatioWarning: THRESHOLD_SHAPE.freePrefixRatioWarning.optional(),
  controlPlaneUpdateAddresses: THRESHOLD_SHAPE.controlPlaneUpdateAddresses.optional(),
  loadBalancerAddresses: THRESHOLD_SHAPE.loadBalancerAddresses.optional(),
}).refine(({ match: _, ...thresholds }) => Object.keys(thresholds).length > 0, {
  error: `at least one of ${Object.keys(THRESHOLD_SHAPE).join(', ')} beside "match"`,
});

const Scope = map({
  accounts: map({
    include: list(AccountId)
      .default([])
      .describe('Account ids, in quotes: scanned whatever their unit. Both includes empty: every account'),
    exclude: list(AccountId).default([]).describe('Account ids, in quotes: never scanned'),
  })
    .prefault({})
    .describe('Accounts named one by one; they win over organisational units'),
  organizationalUnits: map({
    include: list(OrganizationalUnit)
      .default([])
      .describe('Ids or paths of organisational units, with every unit below. Both includes empty: every account'),
    exclude: list(OrganizationalUnit)
      .default([])
      .describe('Ids or paths of organisational units, with every unit below; accounts.include wins over it'),
  })
    .prefault({})
    .describe('Accounts by where they stand in the organisation'),
  regions: map({
    include: list(RegionPattern).default([]).describe('Names of regions, or a start and "*"; empty: every enabled one'),
    exclude: list(RegionPattern).default([]).describe('Names of regions, or a start and "*"; wins over include'),
  })
    .prefault({})
    .describe('Regions, besides those that an account has not enabled'),
});
export type Scope = z.infer<typeof Scope>;

const Thresholds = map({
  freeRatioWarning: THRESHOLD_SHAPE.freeRatioWarning.default(FREE_RATIO_WARNING),
  freePrefixRatioWarning: THRESHOLD_SHAPE.freePrefixRatioWarning.default(FREE_PREFIX_RATIO_WARNING),
  controlPlaneUpdateAddresses: THRESHOLD_SHAPE.controlPlaneUpdateAddresses.default(CONTROL_PLANE_UPDATE_ADDRESSES),
  loadBalancerAddresses: THRESHOLD_SHAPE.loadBalancerAddresses.default(LOAD_BALANCER_ADDRESSES),
  overrides: list(ThresholdOverride)
    .default([])
    .describe('Other thresholds for some subnets. The first entry that matches holds; what it leaves out is as above'),
});

const days = wholeNumber(1, RETENTION_DAYS_MAX);

const Retention = map({
  sixHourlyFactsDays: days.default(30).describe('What was seen of a VPC, every 6 hours'),
  dailyFactsDays: days.default(MONTHS_13_DAYS).describe('What was seen of a VPC, once a day'),
  hourlySeriesDays: days.default(90).describe('The hourly points of every subnet'),
  dailySeriesDays: days.default(MONTHS_13_DAYS).describe('The daily roll-ups of every subnet'),
  goneResourcesDays: days.default(MONTHS_13_DAYS).describe('Subnets and clusters that no longer exist'),
  alertsDays: days.default(MONTHS_13_DAYS).describe('Alerts and their history'),
  signedDays: days.default(YEARS_7_DAYS).describe('What people signed: attestations and waivers'),
})
  .refine(({ sixHourlyFactsDays, dailyFactsDays }) => sixHourlyFactsDays <= dailyFactsDays, {
    path: ['sixHourlyFactsDays'],
    error: 'at most dailyFactsDays: the coarser facts are kept longer',
  })
  .refine(({ hourlySeriesDays, dailySeriesDays }) => hourlySeriesDays <= dailySeriesDays, {
    path: ['hourlySeriesDays'],
    error: 'at most dailySeriesDays: the coarser series is kept longer',
  });

/** Each is five series; what scrapes them has its own limit, and so have answers of API Gateway, of 10 MB. */
const METRICS_SUBNETS_MAX = 10_000;

const Metrics = map({
  subnetsMax: wholeNumber(0, METRICS_SUBNETS_MAX)
    .default(500)
    .describe('Of so many subnets, the most urgent, /metrics has gauges of their own: five series each'),
});

/** The settings with every default filled in. */
export const Settings = map({
  scope: Scope.prefault({}).describe('What is scanned. Everything, where nothing is said'),
  owners: list(OwnerRule)
    .default([])
    .describe('Who owns what. The first rule that matches wins: put the most specific rules first'),
  production: list(ProductionRule)
    .default([
      { tag: { key: 'environment', values: ['prod', 'production'] } },
      { tag: { key: 'env', values: ['prod', 'production'] } },
    ])
    .describe('Which clusters are production: those that any entry matches'),
  iacPrincipals: list(
    spelled(
      /^(arn:aws[a-z-]*:(iam|sts)::(\d{12}|\*):\S{1,1024}|[a-z0-9-]{1,63}\.amazonaws\.com)$/,
      'the ARN of an IAM role or user, with "*" for any text, or an AWS service (cloudformation.amazonaws.com)',
    ),
  )
    .default(['cloudformation.amazonaws.com'])
    .describe('Who changes networks by infrastructure as code: ARNs of IAM roles or users, or AWS services'),
  thresholds: Thresholds.prefault({}).describe('When a subnet is short of room'),
  retention: Retention.prefault({}).describe('How long things are kept, in days'),
  metrics: Metrics.prefault({}).describe('What /metrics tells besides its roll-ups'),
  notifications: Notifications.prefault({}).describe('Who is told of alerts, where and when'),
})
  .superRefine(({ notifications: { slack }, owners }, context) => {
    const told = toldChannels(slack, owners);
    for (const { path, channel } of slack === undefined ? [] : namedChannels(slack)) {
      if (!told.includes(channel)) {
        const message = `a channel of defaultChannel, routes or owners, spelled the same: ${told.join(', ') || 'there is none'}`;
        context.addIssue({ code: 'custom', path: ['notifications', 'slack', ...path], message });
      }
    }
  })
  .describe('Settings of Elbowroom');
export type Settings = z.infer<typeof Settings>;

/** Returns the settings of an empty file. */
export function defaultSettings(): Settings {
  return Settings.parse({});
}
