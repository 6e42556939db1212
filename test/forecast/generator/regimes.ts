/**
 * What forecasts are judged by. All figures here were chosen and committed before any forecast was run on what they make; a
 * change of one changes the digests in `generator.test.ts`, and all earlier figures are then void.
 */

/** Lowest and highest value. */
export type Range = readonly [low: number, high: number];

export const REGIME_NAMES = [
  'linear',
  'accelerating',
  'step-early',
  'step-late',
  'weekly',
  'saturating',
  'flat',
  'shrinking',
  'break-migration',
  'break-toggle',
  'bursts',
  'month-end',
] as const;
export type RegimeName = (typeof REGIME_NAMES)[number];

/** How the level of a weekly peak, as a share of the subnet's addresses, goes from day to day. */
export type Growth =
  /** Straight from the start to all addresses on `crossingDay`. */
  | { readonly kind: 'straight'; readonly crossingDay: Range }
  /** As a power of time, to all addresses on `crossingDay`. */
  | { readonly kind: 'power'; readonly crossingDay: Range; readonly power: 2 | 3 }
  /** Steady until `stepDay`, then to `level` within `rampDays`, then straight to all addresses in `daysToCrossing`. */
  | {
      readonly kind: 'step';
      readonly stepDay: Range;
      readonly rampDays: Range;
      readonly level: Range;
      /** `undefined`: the level stays. */
      readonly daysToCrossing: Range | undefined;
    }
  /** The logistic curve up to `level`, by `rate` a day. */
  | { readonly kind: 'logistic'; readonly level: Range; readonly rate: Range }
  /** Loses this share by the last day. */
  | { readonly kind: 'shrinking'; readonly lostShare: Range }
  /** Straight to all addresses on `crossingDay`, but this share moves away on `moveDay`. */
  | { readonly kind: 'migration'; readonly crossingDay: Range; readonly moveDay: Range; readonly movedShare: Range }
  | { readonly kind: 'steady' };

export interface Regime {
  readonly growth: Growth;
  /** The weekly peak of the first day as a share of the subnet's addresses. */
  readonly startLevel: Range;
  /** The share of a day's peak that is gone at its lowest hour. */
  readonly dailySwing: Range;
  /** The share of a weekday that is gone on a Saturday or Sunday. */
  readonly weekendDip: Range;
  /** Batches a day; how many pods one brings, as a share of the peak, before the heavy tail; how many hours it stays. */
  readonly batchesPerDay: Range;
  readonly batchShare: Range;
  readonly batchHours: Range;
  /** The share that the last two days of a month and the first of the next add. */
  readonly monthEndShare: Range;
  /** The share of subnets whose nodes take /28 prefixes. */
  readonly prefixShare: number;
  /** The day on which the cluster starts to take prefixes, and replaces its nodes. */
  readonly toggleDay: Range | undefined;
  /** Nothing happens besides: no zone is lost, no deploy leaves a workload larger, no cluster goes, nothing is reserved. */
  readonly isCalm: boolean;
}

/** Monday, 5 January 2026. Days of the week and ends of months follow the calendar from there. */
export const FIRST_DAY = 20_458;
/** 28 days to learn from, 90 days of origins and 32 days in which the last of them can come true, so 30-day labels are known. */
export const DAYS = 150;
/** Every 15 minutes, as often as a pulse looks: shorter peaks cannot be seen by any forecast. */
export const STEPS_PER_HOUR = 4;
export const STEPS_PER_DAY = 24 * STEPS_PER_HOUR;
/** Subnets of each regime where all regimes weigh the same. Enough that one odd subnet is at most 1/16 of a regime's score. */
export const SUBNETS_PER_REGIME = 16;
export const SEED = 'elbowroom-forecast-1';

/** A control plane's five addresses and the eight of a load balancer: the floor of a subnet that serves both. */
export const FLOOR_ADDRESSES = 13;

const NO_BATCHES = { batchesPerDay: [0, 0], batchShare: [0, 0], batchHours: [1, 1] } satisfies Partial<Regime>;
/** What most services show: a third to half of the pods at night, weekends lower. */
const OFFICE = {
  dailySwing: [0.15, 0.45],
  weekendDip: [0.05, 0.3],
  ...NO_BATCHES,
  monthEndShare: [0, 0],
  // About a third of the fleet: prefixes are an option that few clusters turn on, but blocks must be judged too.
  prefixShare: 0.3,
  toggleDay: undefined,
  isCalm: false,
} satisfies Partial<Regime>;

export const REGIMES: Readonly<Record<RegimeName, Regime>> = {
  // From some months to a year of growth; a third crosses after the end, so that not crossing is right for those.
  linear: { ...OFFICE, growth: { kind: 'straight', crossingDay: [60, 210] }, startLevel: [0.3, 0.6] },
  // Slow at first: a straight line through the past comes too late.
  accelerating: { ...OFFICE, growth: { kind: 'power', crossingDay: [80, 180], power: 3 }, startLevel: [0.3, 0.55] },
  // A new service early enough to be warned of: what follows takes at least 12 days.
  'step-early': {
    ...OFFICE,
    growth: { kind: 'step', stepDay: [35, 90], rampDays: [0, 2], level: [0.78, 0.88], daysToCrossing: [12, 40] },
    startLevel: [0.35, 0.6],
  },
  // A new service that is too large: nothing before it tells, and it is over within three days.
  'step-late': {
    ...OFFICE,
    growth: { kind: 'step', stepDay: [40, 130], rampDays: [0, 3], level: [1.0, 1.15], daysToCrossing: undefined },
    startLevel: [0.35, 0.65],
  },
  // Strong weeks and no growth, up to close below the floor: what extrapolation over days takes for growth.
  weekly: {
    ...OFFICE,
    growth: { kind: 'steady' },
    startLevel: [0.5, 0.88],
    dailySwing: [0.25, 0.55],
    weekendDip: [0.3, 0.6],
  },
  // Ends from well below to somewhat above all addresses; where it ends is not to be seen until it bends.
  saturating: {
    ...OFFICE,
    growth: { kind: 'logistic', level: [0.75, 1.08], rate: [0.04, 0.1] },
    startLevel: [0.15, 0.3],
  },
  // Any level: nothing ever happens, and hardly a swing. Whatever alarms here is wrong.
  flat: {
    ...OFFICE,
    growth: { kind: 'steady' },
    startLevel: [0.1, 0.75],
    dailySwing: [0, 0.06],
    weekendDip: [0, 0.04],
    isCalm: true,
  },
  // From nearly full down: the worst is over.
  shrinking: { ...OFFICE, growth: { kind: 'shrinking', lostShare: [0.2, 0.6] }, startLevel: [0.6, 0.9] },
  // Grows, is relieved, grows on: what was before the move says nothing about the level, and much about the slope.
  'break-migration': {
    ...OFFICE,
    growth: { kind: 'migration', crossingDay: [90, 130], moveDay: [50, 85], movedShare: [0.3, 0.6] },
    startLevel: [0.4, 0.6],
  },
  // The same pods take other numbers of addresses from one day to the next.
  'break-toggle': {
    ...OFFICE,
    growth: { kind: 'straight', crossingDay: [150, 400] },
    startLevel: [0.3, 0.5],
    prefixShare: 0,
    toggleDay: [45, 100],
  },
  // A few batches a day, some several times as large as most: the largest ones touch the floor, at no foreseeable hour.
  bursts: {
    ...OFFICE,
    growth: { kind: 'steady' },
    startLevel: [0.4, 0.68],
    batchesPerDay: [0.3, 2],
    batchShare: [0.05, 0.15],
    batchHours: [1, 8],
  },
  // Three days a month on top of steady weeks: at most five of them in all, so a season can hardly be learnt.
  'month-end': { ...OFFICE, growth: { kind: 'steady' }, startLevel: [0.5, 0.75], monthEndShare: [0.15, 0.4] },
};

/**
 * What a fleet looks like, as far as operators tell: nearly all subnets are steady and far from full. No public figures exist;
 * these are an assumption, used for how much a screen leaves over and for false alarms, never for accuracy.
 */
export const FLEET_SHARES: Readonly<Record<RegimeName, number>> = {
  linear: 0.04,
  accelerating: 0.005,
  'step-early': 0.005,
  'step-late': 0.005,
  weekly: 0.2,
  saturating: 0.03,
  flat: 0.6,
  shrinking: 0.04,
  'break-migration': 0.01,
  'break-toggle': 0.005,
  bursts: 0.04,
  'month-end': 0.02,
};
/** In a fleet most subnets are far from full: `startLevel` is scaled by this. Median utilisation is then about a third. */
export const FLEET_LEVEL_FACTOR: Range = [0.25, 1];

/** Beyond this share of the subnet's addresses demand stops: someone notices at the latest when pods have waited for days. */
export const LEVEL_MAX = 1.25;

/** Subnets from a /24 to a /21, the sizes that node subnets mostly have. */
export const PREFIX_LENGTHS: readonly number[] = [24, 23, 22, 22, 21];

export interface NodeType {
  readonly name: string;
  readonly networkInterfacesMax: number;
  readonly ipv4AddressesPerInterface: number;
  /** Pods that its CPU has room for; below what its interfaces have. */
  readonly podsPerNode: Range;
}
/** https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html. Pods by CPU: 4 to 8 a vCPU, at most what max pods allows. */
export const NODE_TYPES: readonly NodeType[] = [
  { name: 'm5.large', networkInterfacesMax: 3, ipv4AddressesPerInterface: 10, podsPerNode: [10, 16] },
  { name: 'm5.xlarge', networkInterfacesMax: 4, ipv4AddressesPerInterface: 15, podsPerNode: [18, 30] },
  { name: 'm5.2xlarge', networkInterfacesMax: 4, ipv4AddressesPerInterface: 15, podsPerNode: [30, 50] },
  { name: 'm5.4xlarge', networkInterfacesMax: 8, ipv4AddressesPerInterface: 30, podsPerNode: [50, 100] },
];
/** Where nodes take prefixes: smaller subnets have too few blocks for that, and blocks run out before addresses do. */
export const PREFIX_LENGTH_MAX_WITH_PREFIXES = 22;
export const PREFIX_LEVEL_FACTOR = 0.8;
/** The small ones only, where a /24 has to hold several nodes. */
export const SMALL_SUBNET_NODE_TYPES = 2;

export interface WarmTargets {
  /** `undefined`: not set. */
  readonly warmIpTarget: number | undefined;
  readonly minimumIpTarget: number | undefined;
  readonly warmEniTarget: number;
  readonly warmPrefixTarget: number;
}
/** The defaults, twice as likely as the two examples that the CNI's documents recommend for small subnets. */
export const WARM_TARGETS: readonly WarmTargets[] = [
  { warmIpTarget: undefined, minimumIpTarget: undefined, warmEniTarget: 1, warmPrefixTarget: 1 },
  { warmIpTarget: undefined, minimumIpTarget: undefined, warmEniTarget: 1, warmPrefixTarget: 1 },
  { warmIpTarget: 2, minimumIpTarget: 10, warmEniTarget: 1, warmPrefixTarget: 1 },
  { warmIpTarget: 5, minimumIpTarget: undefined, warmEniTarget: 1, warmPrefixTarget: 1 },
];

/** Noise of the pods, as a share of them: an autoscaler that follows load jitters by a few percent, and remembers for hours. */
export const NOISE_SHARE: Range = [0.005, 0.03];
export const NOISE_MEMORY = 0.97;
/** Deploys a day, and the share of all pods that one surges for one step: the default `maxSurge` is 25 % of one of many workloads. */
export const DEPLOYS_PER_DAY: Range = [0, 4];
export const DEPLOY_SURGE_SHARE: Range = [0.01, 0.06];
/** How often a deploy leaves the workload larger or smaller for good, and by what share of all pods at most. */
export const DEPLOY_STEP_CHANCE = 0.1;
export const DEPLOY_STEP_SHARE: Range = [-0.015, 0.015];
/** The chance that one of the two other zones is lost some time, and then half of its pods come here. */
export const ZONE_LOSS_CHANCE = 0.25;
export const ZONE_LOSS_FACTOR = 1.25;
export const ZONE_LOSS_HOURS: Range = [2, 10];
/** Zones lost on purpose do not happen where the level alone decides; the loss keeps away from the first weeks. */
export const ZONE_LOSS_DAY: Range = [20, 145];

/** Interfaces that stay: control plane, endpoints, NAT gateway. */
export const FIXED_ADDRESSES: Range = [2, 12];
/** Load balancers in the subnet, and the addresses one scales between. An ALB may take eight. */
export const LOAD_BALANCERS: Range = [0, 4];
export const LOAD_BALANCER_ADDRESSES: Range = [1, 8];
/** Interfaces of Lambda functions: they come and go over hours. */
export const LAMBDA_ADDRESSES: Range = [0, 8];
/** The chance of a load balancer or of the functions to change within a step. */
export const EXTRAS_CHANGE_CHANCE = 0.01;

/** The chance that someone reserves a part of the subnet, when, and what share of it. */
export const RESERVATION_CHANCE = 0.06;
export const RESERVATION_DAY: Range = [30, 120];
export const RESERVATION_SHARE: Range = [0.04, 0.1];
/** The chance that a second, small cluster in the subnet is deleted, when, and what share of the pods it had. */
export const CLUSTER_DELETION_CHANCE = 0.06;
export const CLUSTER_DELETION_DAY: Range = [30, 120];
export const CLUSTER_DELETION_SHARE: Range = [0.1, 0.3];

/** The chance a day that all nodes are replaced one after the other (a new AMI): about every six weeks. */
export const ROLLOUT_CHANCE_PER_DAY = 0.024;
/** How many of a node's choices for a single address go to blocks that are in use already; EC2 does not say, so from none to most. */
export const COMPACT_TRIES: Range = [1, 6];

/** The share of subnets with readings every 15 minutes, that is, at risk; others are read once an hour, and so on one day in 14. */
export const PULSED_SHARE = 0.5;
export const PULSE_DAY_EVERY = 14;
/** The share of hours without a reading; how many longer gaps a subnet has, and their hours. */
export const HOUR_MISSING_SHARE: Range = [0, 0.03];
export const OUTAGES: Range = [0, 3];
export const OUTAGE_HOURS: Range = [3, 72];
/** The share of hours with interfaces that nothing explains, and by how many addresses the count is then off. */
export const UNEXPLAINED_SHARE = 0.004;
export const UNEXPLAINED_ADDRESSES: Range = [3, 20];
