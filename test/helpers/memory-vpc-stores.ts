import { slotMs, slotText } from '../../lib/audit/slot.ts';
import type {
  FactsStore,
  ForecastStore,
  SeriesStore,
  SlotFacts,
  SlotPulse,
  StateStore,
  StoredForecasts,
  StoredState,
} from '../../lib/audit/store-ports.ts';
import type { VpcId } from '../../lib/domain/capacity/vpc-state.ts';
import type { RoomPoint } from '../../lib/domain/trend/roll-up.ts';
import type { SeriesSample } from '../../lib/domain/trend/series.ts';

/** The stores of one VPC's facts, state, series and forecasts in memory: what they promise and nothing else. */
export interface MemoryVpcStores {
  readonly facts: FactsStore;
  readonly states: StateStore;
  readonly series: SeriesStore;
  readonly forecasts: ForecastStore;
}

interface Viewer {
  scans: Map<string, SlotFacts>;
  pulses: Map<string, SlotPulse>;
  scan: SlotFacts | undefined;
  pulse: SlotPulse | undefined;
  retiredOrder: string;
}

function keyOf({ ownerId, region, vpcId }: VpcId): string {
  return [ownerId, region, vpcId].join('/');
}

function orderOf(slot: SlotFacts['slot']): string {
  return `${String(slotMs(slot)).padStart(16, '0')} ${slotText(slot)}`;
}

/** One of the same viewer and moment is the same. */
function named(samples: readonly SeriesSample[]): (readonly [string, SeriesSample])[] {
  return samples.map((sample) => [[sample.observedAt, sample.viewerAccountId, sample.kind].join(' '), sample]);
}

export function memoryVpcStores(): MemoryVpcStores {
  const vpcs = new Map<string, Map<string, Viewer>>();
  const states = new Map<string, StoredState>();
  const samples = new Map<string, Map<string, SeriesSample>>();
  const rooms = new Map<string, Map<string, Map<number, RoomPoint>>>();
  const forecasts = new Map<string, StoredForecasts>();
  let writes = 0;
  const viewerOf = (vpc: VpcId, accountId: string): Viewer => {
    const viewers = vpcs.get(keyOf(vpc)) ?? new Map<string, Viewer>();
    vpcs.set(keyOf(vpc), viewers);
    const viewer = viewers.get(accountId) ?? {
      scans: new Map(),
      pulses: new Map(),
      scan: undefined,
      pulse: undefined,
      retiredOrder: '',
    };
    viewers.set(accountId, viewer);
    return viewer;
  };
  const current = (vpc: VpcId) =>
    [...(vpcs.get(keyOf(vpc)) ?? [])].flatMap(([viewerAccountId, { scan, pulse, retiredOrder }]) => {
      const seen = scan !== undefined && orderOf(scan.slot) > retiredOrder ? scan : undefined;
      const pulsed = pulse !== undefined && orderOf(pulse.slot) > retiredOrder ? pulse : undefined;
      return seen === undefined && pulsed === undefined
        ? []
        : [{ viewerAccountId, scan: seen, pulse: pulsed, hasExpired: false }];
    });
  const samplesOf: SeriesStore['samples'] = async (vpc, { from, to }) =>
    [...new Map([...named(states.get(keyOf(vpc))?.waiting ?? []), ...(samples.get(keyOf(vpc)) ?? [])]).values()]
      .filter(({ observedAt }) => observedAt.slice(0, 10) >= from && observedAt.slice(0, 10) <= to)
      .sort((a, b) => (a.observedAt < b.observedAt ? -1 : 1));
  return {
    facts: {
      async putFacts(vpc, observed) {
        const viewer = viewerOf(vpc, observed.facts.target.accountId);
        const name = slotText(observed.slot);
        if (viewer.scans.has(name)) {
          return 'already-written';
        }
        viewer.scans.set(name, observed);
        const isNewest = viewer.scan === undefined || orderOf(observed.slot) > orderOf(viewer.scan.slot);
        viewer.scan = isNewest ? observed : viewer.scan;
        return 'written';
      },
      async putPulse(vpc, observed) {
        const viewer = viewerOf(vpc, observed.pulse.target.accountId);
        const name = slotText(observed.slot);
        if (viewer.pulses.has(name)) {
          return 'already-written';
        }
        viewer.pulses.set(name, observed);
        const isNewest = viewer.pulse === undefined || orderOf(observed.slot) > orderOf(viewer.pulse.slot);
        viewer.pulse = isNewest ? observed : viewer.pulse;
        return 'written';
      },
      factsAt: async (vpc, accountId, slot) => viewerOf(vpc, accountId).scans.get(slotText(slot))?.facts,
      pulseAt: async (vpc, accountId, slot) => viewerOf(vpc, accountId).pulses.get(slotText(slot))?.pulse,
      latestFacts: async (vpc) => current(vpc),
      latestSlots: async (vpc) =>
        current(vpc).map(({ viewerAccountId, scan, pulse }) => ({
          viewerAccountId,
          scanSlot: scan === undefined ? undefined : slotText(scan.slot),
          pulseSlot: pulse === undefined ? undefined : slotText(pulse.slot),
        })),
      latestScan: async (vpc, accountId) => current(vpc).find((one) => one.viewerAccountId === accountId)?.scan,
      async retireViewer(vpc, accountId, slot) {
        const viewer = viewerOf(vpc, accountId);
        const order = orderOf(slot);
        viewer.retiredOrder = [order, viewer.retiredOrder].sort().at(-1) ?? order;
      },
    },
    states: {
      readState: async (vpc) => states.get(keyOf(vpc)),
      async writeState(state, expectedVersion, { isFinished = true, waiting = [] } = {}) {
        const key = keyOf(state.vpc);
        if (states.get(key)?.version !== expectedVersion) {
          return { outcome: 'version-conflict' };
        }
        writes += 1;
        const version = `v${writes}`;
        states.set(key, { version, state, isFinished, ...(waiting.length === 0 ? {} : { waiting }) });
        return { outcome: 'written', version };
      },
      judgedVpcs: async () =>
        [...states.values()].map(({ version, state }) => ({ vpc: state.vpc, stateVersion: version })),
      vpcOfSubnet: async (subnetId) =>
        [...states.values()].find(({ state }) => state.subnets.some(({ subnet }) => subnet.subnetId === subnetId))
          ?.state.vpc,
      vpcOfCluster: async (clusterId) =>
        [...states.values()].find(({ state }) => state.clusters.some((cluster) => cluster.clusterId === clusterId))
          ?.state.vpc,
    },
    forecasts: {
      readForecasts: async (vpc) => forecasts.get(keyOf(vpc)),
      async writeForecasts(vpc, written, expectedVersion) {
        if (forecasts.get(keyOf(vpc))?.version !== expectedVersion) {
          return 'version-conflict';
        }
        writes += 1;
        forecasts.set(keyOf(vpc), { version: `v${writes}`, forecasts: written });
        return 'written';
      },
    },
    series: {
      async addSample(vpc, ...added) {
        const ofVpc = samples.get(keyOf(vpc)) ?? new Map<string, SeriesSample>();
        samples.set(keyOf(vpc), new Map([...named(added), ...ofVpc]));
      },
      samples: samplesOf,
      samplesAndForecasts: async (vpc, ...asked) => ({
        samples: await samplesOf(vpc, ...asked),
        forecasts: forecasts.get(keyOf(vpc)),
      }),
      async keepDailyRoom(vpc, added) {
        const ofVpc = rooms.get(keyOf(vpc)) ?? new Map<string, Map<number, RoomPoint>>();
        rooms.set(keyOf(vpc), ofVpc);
        for (const [subnetId, points] of added) {
          ofVpc.set(
            subnetId,
            new Map([...(ofVpc.get(subnetId) ?? []), ...points.map((each) => [each.at, each] as const)]),
          );
        }
      },
      dailyRoom: async (vpc, { from, to }) =>
        new Map(
          [...(rooms.get(keyOf(vpc)) ?? [])].flatMap(([subnetId, byDay]) => {
            const points = [...byDay.values()].filter(({ at }) => at >= from && at <= to).sort((a, b) => a.at - b.at);
            return points.length === 0 ? [] : [[subnetId, points] as const];
          }),
        ),
    },
  };
}
