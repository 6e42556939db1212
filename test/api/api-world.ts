import type { Hono } from 'hono';
import type { ApiPorts } from '../../lib/api/api-ports.ts';
import { createApi } from '../../lib/api/create-api.ts';
import { createCursors } from '../../lib/api/cursors.ts';
import { createLocalAuthenticator } from '../../lib/api/local-authenticator.ts';
import { ROUTES } from '../../lib/api/routes.ts';
import type { AuditTrailEntry, AuditTrailStore } from '../../lib/audit/audit-trail-ports.ts';
import type { NotSeen } from '../../lib/audit/coverage.ts';
import { findFleetScan } from '../../lib/audit/find-fleet-scan.ts';
import { FLEET_GROUPINGS } from '../../lib/audit/fleet-history-ports.ts';
import type { FleetStore } from '../../lib/audit/fleet-ports.ts';
import { fleetEntry } from '../../lib/audit/fleet-vpc.ts';
import { homeShard } from '../../lib/audit/place-vpcs.ts';
import type { Account } from '../../lib/audit/ports.ts';
import type { RunAccount, ViewerFacts } from '../../lib/audit/store-ports.ts';
import type { RunTally } from '../../lib/audit/tally-run.ts';
import { parseIpv4 } from '../../lib/domain/address/ipv4.ts';
import type { Alert } from '../../lib/domain/alert/alert.ts';
import type { ClusterState, SubnetState } from '../../lib/domain/capacity/region-state.ts';
import type { VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import { observed } from '../../lib/domain/fact.ts';
import { openapiDocument } from '../../lib/local/openapi-document.ts';
import { renderReferencePage } from '../../lib/local/reference/reference-page.tsx';
import { createMemoryAlertStore } from '../../lib/local/service/memory-alert-store.ts';
import { anAlert } from '../domain/alert/an-alert.ts';
import { aCluster, aNetworkInterface, aSubnet } from '../helpers/builders.ts';
import { memoryFleetHistory } from '../helpers/memory-fleet-history.ts';
import { memoryFleetStore } from '../helpers/memory-fleet-store.ts';
import { memorySilenceStore } from '../helpers/memory-silence-store.ts';
import { memoryDirectoryStore, memoryRunStore, recordingOutbox } from '../helpers/memory-stores.ts';
import { seen, someClusterFacts, someRegionFacts, withClusters } from '../helpers/region-facts-builder.ts';
import { aGroupDay } from '../helpers/series-builder.ts';
import { FULL_STATE } from '../store/full-state.ts';
import { conforming } from './contract.ts';

export const NOW = '2026-11-23T09:00:00.000Z';
const REGION = 'eu-west-1';

/** An account with a name that shows wherever something of it does. */
export interface CanaryAccount {
  readonly accountId: string;
  readonly canary: string;
  readonly subnetId: string;
  readonly clusterId: string;
  readonly vpcId: string;
  readonly alertId: string;
}

function canaryAccount(digit: string, canary: string): CanaryAccount {
  const accountId = digit.repeat(12);
  const vpcId = `vpc-0${digit}`;
  const subnetId = `subnet-0${digit}`;
  return {
    accountId,
    canary,
    vpcId,
    subnetId,
    clusterId: `${accountId}:${REGION}:${canary}-cluster`,
    alertId: `exhaustion.${accountId}.${REGION}.${vpcId}.subnet.${subnetId}`,
  };
}

/** Three accounts: one of them lends its subnet to the second, the third has nothing to do with them. */
export const ALPHA = canaryAccount('1', 'canary-alpha');
export const BETA = canaryAccount('2', 'canary-beta');
export const GAMMA = canaryAccount('3', 'canary-gamma');
export const ACCOUNTS = [ALPHA, BETA, GAMMA] as const;

/** The name of an account's cluster in a VPC. */
function clusterNameIn(owner: CanaryAccount, resident: CanaryAccount): string {
  return resident === owner ? `${resident.canary}-cluster` : `${resident.canary}-guest`;
}

function clusterIn(owner: CanaryAccount, resident: CanaryAccount) {
  const clusterName = clusterNameIn(owner, resident);
  return { clusterId: `${resident.accountId}:${REGION}:${clusterName}`, clusterName };
}

/** The state of an account's VPC; clusters of `guests` live in its subnet as well. */
function vpcStateOf(owner: CanaryAccount, guests: readonly CanaryAccount[]): VpcState {
  const residents = [owner, ...guests];
  const [subnet] = FULL_STATE.subnets;
  const [cluster] = FULL_STATE.clusters;
  if (subnet === undefined || cluster === undefined) {
    throw new Error('Expected a state with a subnet and a cluster');
  }
  const { canary } = owner;
  const ownSubnet: SubnetState = {
    ...subnet,
    subnet: {
      ...subnet.subnet,
      subnetId: owner.subnetId,
      subnetArn: `arn:aws:ec2:${REGION}:${owner.accountId}:subnet/${owner.subnetId}`,
      ownerId: owner.accountId,
      vpcId: owner.vpcId,
      tags: [['Name', `${canary}-subnet`]],
    },
    region: REGION,
    team: `${canary}-team`,
    observedAt: NOW,
    viewerAccountIds: residents.map(({ accountId }) => accountId),
    holders: residents.map((resident) => ({
      kind: 'eks-node-primary',
      service: undefined,
      clusterName: clusterNameIn(owner, resident),
      networkInterfaceCount: 1,
      addressCount: 10,
      prefixCount: 0,
    })),
    leakedNetworkInterfaceIds: [`eni-${canary}`],
    clusters: residents.map((resident) => ({
      ...clusterIn(owner, resident),
      sources: ['nodegroup'],
    })),
    problems: [`${canary} problem`],
    status: { status: 'critical', reasons: [{ code: 'no-free-prefix', observed: 0, needed: 1 }] },
  };
  const clusters = residents.map(
    (resident): ClusterState => ({
      ...cluster,
      ...clusterIn(owner, resident),
      target: { accountId: resident.accountId, region: REGION },
      team: `${resident.canary}-team`,
      subnets: [{ subnetId: owner.subnetId, sources: ['nodegroup'], isSeen: true }],
      bindingSubnetId: owner.subnetId,
    }),
  );
  return {
    ...FULL_STATE,
    vpc: { ownerId: owner.accountId, region: REGION, vpcId: owner.vpcId },
    vpcName: `${canary}-vpc`,
    subnets: [ownSubnet],
    clusters,
    gone: [],
  };
}

function alertOf(owner: CanaryAccount, guests: readonly CanaryAccount[]): Alert {
  const { canary, accountId, vpcId, subnetId, alertId } = owner;
  const residents = [owner, ...guests];
  const alert = anAlert({
    alertId,
    home: { kind: 'vpc', vpc: { ownerId: accountId, region: REGION, vpcId } },
    subject: { kind: 'subnet', subnetId },
    where: {
      accountId,
      accountName: canary,
      accountIds: residents.map((resident) => resident.accountId),
      region: REGION,
      vpcId,
      vpcName: `${canary}-vpc`,
      clusters: residents.map((resident) => clusterIn(owner, resident)),
      subnets: [{ subnetId, name: `${canary}-subnet`, cidrBlock: '10.0.0.0/24' }],
      team: `${canary}-team`,
      tags: [['Name', `${canary}-subnet`]],
    },
    what: {
      drivers: residents.map((resident) => ({
        kind: 'holder',
        resourceId: subnetId,
        text: `${clusterNameIn(owner, resident)} holds the most`,
      })),
      change: { kind: 'add-subnet', text: `Give ${canary}-vpc another subnet` },
    },
  });
  return {
    ...alert,
    what: { ...alert.what, reasons: alert.what.reasons.map((reason) => ({ ...reason, text: `${canary} reason` })) },
  };
}

export interface ApiWorld {
  readonly ports: ApiPorts;
  readonly app: Hono<never>;
  readonly hints: () => number;
  /** Scans that were asked for. */
  readonly scans: ReturnType<typeof recordingOutbox>['scans'];
  /** What the log was told. */
  readonly answers: Parameters<ApiPorts['onAnswer']>[0][];
  /** Moves the clock on. */
  readonly passTime: (durationMs: number) => void;
  /** Asks, and holds the answer to the document of the API. */
  readonly ask: (path: string, init?: AskOptions) => Promise<Answer>;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `undefined` where there is none. */
  readonly json: unknown;
}

/** The API over stores in memory that hold the three accounts; `overrides` replace ports. */
export async function anApiWorld(overrides: Partial<ApiPorts> = {}): Promise<ApiWorld> {
  let nowMs = Date.parse(NOW);
  let idCount = 0;
  let hintCount = 0;
  const answers: ApiWorld['answers'] = [];
  const alerts = createMemoryAlertStore();
  const states = statesOfAll();
  for (const alert of [alertOf(ALPHA, [BETA]), alertOf(BETA, []), alertOf(GAMMA, [])]) {
    await alerts.writeStep({ before: undefined, alert, transition: openingOf(alert) }, undefined, []);
  }
  const runs = await runsOf();
  const fleetHistory = await fleetHistoryOf();
  const outbox = recordingOutbox();
  const ports: ApiPorts = {
    authenticate: createLocalAuthenticator(undefined),
    fleets: await fleetOver(await findFleetScan(runs, undefined, NOW)),
    states: {
      vpcOfCluster: async (clusterId) =>
        states.find((state) => state.clusters.some((cluster) => cluster.clusterId === clusterId))?.vpc,
      vpcOfSubnet: async (subnetId) => states.find((state) => state.subnets[0]?.subnet.subnetId === subnetId)?.vpc,
      readState: async (vpc) => {
        const state = states.find((one) => one.vpc.vpcId === vpc.vpcId);
        return state === undefined ? undefined : { version: 'v1', state, isFinished: true };
      },
    },
    facts: { latestFacts: async (vpc) => factsOf(vpc.vpcId) },
    series: {
      samplesAndForecasts: async () => ({ samples: [], forecasts: undefined }),
      dailyRoom: async () => new Map(),
    },
    fleetHistory,
    forecasts: { readForecasts: async () => undefined },
    runs,
    history: () => ({ state: 'none', daysExpected: 0, daysFinished: 0, message: 'No past' }),
    now: () => nowMs,
    alerts,
    silences: memorySilenceStore(),
    auditTrail: memoryAuditTrail(),
    directory: directoryOf(),
    outbox,
    subscribers: ['slack'],
    async hint() {
      hintCount += 1;
    },
    slack: {
      read: async () => ({ outcome: 'refused', reason: 'its signature is absent' }),
      writerOf: () => undefined,
      writersText: '',
      answer: async () => undefined,
    },
    metricsSubnetsMax: 500,
    followEvents: undefined,
    cursors: createCursors(async () => ['key']),
    newId() {
      idCount += 1;
      return `id-${idCount}`;
    },
    onAnswer: (answer) => answers.push(answer),
    openapi: async () => '{}',
    reference: async () => renderReferencePage(openapiDocument()),
    ...overrides,
  };
  const app = createApi(ROUTES, ports);
  return {
    ports,
    app: app as unknown as Hono<never>, // Asked by requests alone.
    hints: () => hintCount,
    scans: outbox.scans,
    answers,
    passTime(durationMs) {
      nowMs += durationMs;
    },
    async ask(path, { method = 'GET', headers = {}, json, body } = {}) {
      const sent = json === undefined ? body : JSON.stringify(json);
      const response = await app.request(`http://api.example${path}`, {
        method,
        headers: {
          host: 'api.example',
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(sent === undefined ? {} : { body: sent }),
      });
      return conforming(method, path, response);
    },
  };
}

function openingOf(alert: Alert) {
  const { alertId, sequence, changedAt: at, severity, state } = alert;
  return { alertId, sequence, type: 'opened', at, before: undefined, after: { severity, state }, alert } as const;
}

function statesOfAll(): readonly VpcState[] {
  return [vpcStateOf(ALPHA, [BETA]), vpcStateOf(BETA, []), vpcStateOf(GAMMA, [])];
}

/** Rolls up the three accounts with a scan that they rest on. */
export async function fleetOver(scan: RunTally | undefined, versionPrefix?: string): Promise<FleetStore> {
  const fleets = memoryFleetStore(versionPrefix);
  const revision = await fleets.beginRollUp();
  for (const state of statesOfAll()) {
    const put = [fleetEntry(state, 'v1')];
    await revision.writeShard(homeShard(state.vpc), { put, remove: [], isWhole: false });
  }
  await revision.keepScan(scan);
  await revision.publish(NOW);
  return fleets;
}

/** What each account that sees into a VPC listed there: its own cluster's interface, and the owner those of all. */
function factsOf(vpcId: string): ViewerFacts[] {
  const owner = ACCOUNTS.find((account) => account.vpcId === vpcId) ?? ALPHA;
  const residents = owner === ALPHA ? [ALPHA, BETA] : [owner];
  const interfaces = residents.map((resident, index) =>
    aNetworkInterface({
      networkInterfaceId: `eni-${resident.canary}`,
      subnetId: owner.subnetId,
      vpcId,
      ownerId: resident.accountId,
      requesterManaged: true,
      description: `Amazon EKS ${clusterNameIn(owner, resident)}`,
      privateIpAddresses: [parseIpv4(`10.0.0.${20 + index}`) ?? 0],
    }),
  );
  return residents.map((viewer, index) => {
    const clusterName = clusterNameIn(owner, viewer);
    const cluster = aCluster({ name: clusterName, vpcId, subnetIds: [owner.subnetId] });
    const facts = someRegionFacts({
      target: { accountId: viewer.accountId, region: REGION },
      subnets: seen([aSubnet({ subnetId: owner.subnetId, vpcId, ownerId: owner.accountId })]),
      networkInterfaces: seen(viewer === owner ? interfaces : interfaces.slice(index, index + 1)),
      ...withClusters({ [clusterName]: someClusterFacts({ cluster: observed(cluster, NOW) }, clusterName) }),
    });
    const scan = { slot: { kind: 'scan', at: NOW } as const, facts };
    return { viewerAccountId: viewer.accountId, scan, pulse: undefined, hasExpired: false };
  });
}

function directoryOf() {
  return memoryDirectoryStore({
    caller: { accountId: GAMMA.accountId, partition: 'aws' },
    accounts: ACCOUNTS.map(accountOf),
    accountsObservedAt: NOW,
    regions: new Map(),
    targets: ACCOUNTS.map(({ accountId }) => ({ accountId, region: REGION })),
  });
}

/** Yesterday, by every grouping. */
async function fleetHistoryOf() {
  const history = memoryFleetHistory();
  const day = Math.floor(Date.parse(NOW) / 86_400_000) - 1;
  const names = {
    account: ACCOUNTS.map(({ accountId }) => accountId),
    region: [REGION],
    team: ACCOUNTS.map(({ canary }) => `${canary}-team`),
    fleet: [undefined],
  };
  for (const by of FLEET_GROUPINGS) {
    await history.keepDay(by, { day, groups: names[by].map((name) => aGroupDay({ name })) });
  }
  return history;
}

function accountOf({ accountId, canary }: CanaryAccount): Account {
  return { accountId, name: canary, state: 'ACTIVE', organizationalUnitPaths: undefined };
}

/** Three scans, an hour apart; a call of each account failed. */
async function runsOf() {
  const runs = memoryRunStore();
  for (const hour of [6, 7, 8]) {
    const at = `2026-11-23T0${hour}:00:00.000Z`;
    const slot = { kind: 'scan', at } as const;
    await runs.createRun({
      slot,
      plannedAt: at,
      caller: { accountId: GAMMA.accountId, partition: 'aws' },
      accounts: ACCOUNTS.map(
        (account): RunAccount => ({
          ...accountOf(account),
          outcome: 'planned',
          notScannedReason: undefined,
          regionsNotEnabled: [],
          regionsLeftOut: [],
        }),
      ),
      targets: ACCOUNTS.map(({ accountId }) => ({ accountId, region: REGION })),
      pulsedVpcs: [],
      notSeen: [],
    });
    await runs.recordOutcomes(
      slot,
      ACCOUNTS.map((account) => ({
        target: { accountId: account.accountId, region: REGION },
        state: 'finished',
        endedAt: at,
        vpcCount: 1,
        clusterCount: 1,
        notSeen: [notSeenOf(account)],
      })),
    );
  }
  return runs;
}

function notSeenOf({ accountId, canary }: CanaryAccount): NotSeen {
  return {
    scope: 'flow-logs',
    accountId,
    region: REGION,
    resourceIds: [],
    error: {
      action: 'ec2:DescribeFlowLogs',
      code: 'access-denied',
      message: `${canary} may not`,
      awsErrorName: 'UnauthorizedOperation',
    },
    isRequired: false,
  };
}

/** The audit trail in memory. */
function memoryAuditTrail(): AuditTrailStore {
  const entries = new Map<string, AuditTrailEntry>();
  const nameOf = ({ at, entryId }: Pick<AuditTrailEntry, 'at' | 'entryId'>) => `${at} ${entryId}`;
  return {
    async writeEntry(entry) {
      const known = entries.get(nameOf(entry));
      if (known === undefined || known.outcome === 'begun') {
        entries.set(nameOf(entry), entry);
      }
    },
    async listEntries({ limit, before }) {
      return [...entries]
        .filter(([name]) => before === undefined || name < nameOf(before))
        .sort(([a], [b]) => (a < b ? 1 : -1))
        .slice(0, limit)
        .map(([, entry]) => entry);
    },
  };
}
