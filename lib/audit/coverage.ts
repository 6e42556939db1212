import type { CollectError, Fact, Instant } from '../domain/fact.ts';
import type { Described, FactName, RegionFacts, Target } from '../domain/region-facts.ts';
import type { Account, Caller } from './ports.ts';

/** What an audit looked at and what it did not see, as a ledger: an absent number is never a zero. */
export interface Coverage {
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly caller: Caller | undefined;
  readonly accounts: readonly AccountCoverage[];
  readonly targetsExpected: number;
  readonly targetsFinished: number;
  /** Everything that could not be seen, required or not. */
  readonly notSeen: readonly NotSeen[];
  /** The facts without which the audit is incomplete. */
  readonly requiredFacts: readonly FactName[];
}

export interface AccountCoverage extends Account {
  readonly outcome: 'scanned' | 'not-scanned' | 'not-seen';
  /** Why it was not scanned, as a sentence without a full stop; `undefined` for other outcomes. */
  readonly notScannedReason: string | undefined;
  /** Regions scanned. */
  readonly regions: readonly string[];
  /** Regions that exist and the account has not enabled. */
  readonly regionsNotEnabled: readonly string[];
  /** Regions that the settings leave out. */
  readonly regionsLeftOut: readonly string[];
}

/** A scope of a whole account or region that could not be entered, besides the facts of a region. */
export type Scope = FactName | 'caller' | 'accounts' | 'account' | 'regions' | 'region';

export interface NotSeen {
  readonly scope: Scope;
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  /** The clusters, node groups or subnets that the failed calls were about; empty where the call was about all. */
  readonly resourceIds: readonly string[];
  readonly error: CollectError;
  readonly isRequired: boolean;
}

/** Seen by default or the audit is incomplete: without them free addresses and blocks of clusters' subnets are guesses. */
export const REQUIRED_FACTS_DEFAULT: readonly FactName[] = [
  'subnets',
  'network-interfaces',
  'clusters',
  'nodegroups',
  'reservations',
];

/**
 * Returns every fact of a region that could not be seen, one entry per cause. What was not due was not missed. `clusterSubnetIds`
 * are those that serve a cluster.
 */
export function notSeenOf(
  facts: RegionFacts,
  requiredFacts: readonly FactName[],
  clusterSubnetIds: ReadonlySet<string>,
): NotSeen[] {
  const isRequired = (fact: FactName) => requiredFacts.includes(fact);
  const entries = new Map<string, NotSeen>();
  const add = (fact: FactName, error: CollectError, resourceId?: string, required = isRequired(fact)) => {
    if (error.code === 'not-due') {
      return;
    }
    const key = [fact, error.action, error.code, required].join(' ');
    const known = entries.get(key);
    const resourceIds = [...(known?.resourceIds ?? []), ...(resourceId === undefined ? [] : [resourceId])];
    entries.set(key, { scope: fact, ...facts.target, resourceIds, error: known?.error ?? error, isRequired: required });
  };
  for (const [fact, value] of regionWideFacts(facts)) {
    if (value.state === 'unavailable') {
      add(fact, value.error);
    }
  }
  for (const [fact, error] of notAskedOf(facts, requiredFacts)) {
    add(fact, error);
  }
  for (const [subnetId, value] of facts.reservations) {
    if (value.state === 'unavailable') {
      add('reservations', value.error, subnetId, isRequired('reservations') && clusterSubnetIds.has(subnetId));
    }
  }
  for (const [fact, resourceId, error] of unseenOfClusters(facts)) {
    add(fact, error, resourceId);
  }
  return [...entries.values()];
}

/** What each fact is asked about: without the second nothing of the first is asked, which must not read as seen. */
const ASKED_ABOUT: readonly (readonly [FactName, FactName])[] = [
  ['nodegroups', 'clusters'],
  ['fargate-profiles', 'clusters'],
  ['addons', 'clusters'],
  ['reservations', 'clusters'],
  ['reservations', 'subnets'],
];

/** Required facts that were never asked for. Where the cause is required too, its own entry says it already. */
function notAskedOf(facts: RegionFacts, requiredFacts: readonly FactName[]): [FactName, CollectError][] {
  return ASKED_ABOUT.flatMap(([fact, about]): [FactName, CollectError][] => {
    const cause = about === 'clusters' ? facts.clusterNames : facts.subnets;
    if (
      cause.state === 'observed' ||
      cause.error.code === 'not-due' ||
      !requiredFacts.includes(fact) ||
      requiredFacts.includes(about)
    ) {
      return [];
    }
    const message = `Not asked: the ${about} could not be listed`;
    return [[fact, { action: cause.error.action, code: 'not-attempted', message, awsErrorName: undefined }]];
  });
}

function regionWideFacts(facts: RegionFacts): [FactName, Fact<unknown>][] {
  const counters = facts.subnetCounters;
  return [
    ['availability-zones', facts.availabilityZones],
    ['managed-resource-visibility', facts.managedResourceVisibility],
    ['vpcs', facts.vpcs],
    ['subnets', facts.subnets],
    ...(counters === undefined ? [] : [['subnets', counters] satisfies [FactName, Fact<unknown>]]),
    ['network-interfaces', facts.networkInterfaces],
    ['instances', facts.instances],
    ['instance-types', facts.instanceTypes],
    ['route-tables', facts.routeTables],
    ['vpc-endpoints', facts.vpcEndpoints],
    ['flow-logs', facts.flowLogs],
    ['clusters', facts.clusterNames],
  ];
}

/** What of the listed clusters could not be described, with the cluster or the part of it. */
function unseenOfClusters({ clusters }: RegionFacts): [FactName, string, CollectError][] {
  return [...clusters].flatMap(([clusterName, cluster]) => {
    const own: [FactName, string, CollectError][] =
      cluster.cluster.state === 'unavailable' ? [['clusters', clusterName, cluster.cluster.error]] : [];
    const parts = describedFacts(cluster).flatMap(([fact, described]) =>
      unseenIn(described, clusterName).map(([id, error]): [FactName, string, CollectError] => [fact, id, error]),
    );
    return [...own, ...parts];
  });
}

function describedFacts(cluster: {
  nodegroups: Described<unknown>;
  fargateProfiles: Described<unknown>;
  addons: Described<unknown>;
}): [FactName, Described<unknown>][] {
  return [
    ['nodegroups', cluster.nodegroups],
    ['fargate-profiles', cluster.fargateProfiles],
    ['addons', cluster.addons],
  ];
}

function unseenIn({ names, items }: Described<unknown>, clusterName: string): [string, CollectError][] {
  const unseen: [string, CollectError][] = names.state === 'unavailable' ? [[clusterName, names.error]] : [];
  for (const [name, fact] of items) {
    if (fact.state === 'unavailable') {
      unseen.push([`${clusterName}/${name}`, fact.error]);
    }
  }
  return unseen;
}

/** Returns the entry for a whole account or region that could not be entered: always required. */
export function scopeNotSeen(scope: Scope, error: CollectError, target: Partial<Target> = {}): NotSeen {
  const { accountId, region } = target;
  return { scope, accountId, region, resourceIds: [], error, isRequired: true };
}
