import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeVpc } from '../../lib/audit/judge-vpc.ts';
import { OPEN_POLICY } from '../../lib/audit/policy.ts';
import { raiseAlerts } from '../../lib/audit/raise-alerts.ts';
import { type RehearsalPorts, type RehearsalSpan, rehearseAlerts } from '../../lib/audit/rehearse-alerts.ts';
import type { Slot } from '../../lib/audit/slot.ts';
import type { RunPlan } from '../../lib/audit/store-ports.ts';
import type { AlertTransition } from '../../lib/domain/alert/alert-transition.ts';
import type { VpcId } from '../../lib/domain/capacity/vpc-state.ts';
import { observed } from '../../lib/domain/fact.ts';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import { createMemoryAlertStore } from '../../lib/local/service/memory-alert-store.ts';
import { ACCOUNT_ID, aCluster, aNetworkInterface, aSubnet, CLUSTER_NAME, VPC_ID } from '../helpers/builders.ts';
import { mapRegionFacts } from '../helpers/map-region-facts.ts';
import { memoryRunStore } from '../helpers/memory-stores.ts';
import { memoryVpcStores } from '../helpers/memory-vpc-stores.ts';
import { REGION, seen, someClusterFacts, someRegionFacts, withClusters } from '../helpers/region-facts-builder.ts';
import { USABLE } from '../helpers/series-builder.ts';

const VPC: VpcId = { ownerId: ACCOUNT_ID, region: REGION, vpcId: VPC_ID };
const MS_PER_HOUR = 3_600_000;
const BEGIN_MS = Date.parse('2026-11-01T00:00:00.000Z');
const HOURS_PER_SCAN = 6;
const SUBNET_IDS = ['subnet-0a', 'subnet-0b'];
const ALL: RehearsalSpan = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };

function atHour(hour: number): string {
  return new Date(BEGIN_MS + hour * MS_PER_HOUR).toISOString();
}

function scanAt(index: number): Slot {
  return { kind: 'scan', at: atHour(index * HOURS_PER_SCAN) };
}

/** Two subnets of a cluster, with so many addresses free. */
function factsAt(at: string, free: readonly number[]): RegionFacts {
  const cluster = someClusterFacts({ cluster: observed(aCluster({ subnetIds: SUBNET_IDS }), at) }, CLUSTER_NAME);
  const subnets = SUBNET_IDS.map((subnetId, index) => ({
    firstAddress: 0x0a00_0000 + index * 256,
    usedCount: USABLE - (free[index] ?? USABLE),
    subnet: aSubnet({ subnetId, cidrBlock: `10.0.${index}.0/24`, availableIpAddressCount: free[index] ?? USABLE }),
  }));
  const facts = someRegionFacts({
    subnets: seen(subnets.map(({ subnet }) => subnet)),
    networkInterfaces: seen(
      subnets.map(({ subnet: { subnetId }, firstAddress, usedCount }) =>
        aNetworkInterface({
          networkInterfaceId: `eni-${subnetId}`,
          subnetId,
          privateIpAddresses: Array.from({ length: usedCount }, (_, index) => firstAddress + 4 + index),
        }),
      ),
    ),
    ...withClusters({ [CLUSTER_NAME]: cluster }),
  });
  const seenNow = mapRegionFacts(facts, (fact) => (fact.state === 'observed' ? { ...fact, observedAt: at } : fact));
  return { ...seenNow, startedAt: at };
}

function planOf(slot: Slot): RunPlan {
  const account = { accountId: ACCOUNT_ID, name: 'Payments', state: 'ACTIVE', organizationalUnitPaths: undefined };
  return {
    slot,
    plannedAt: slot.at,
    caller: undefined,
    accounts: [
      {
        ...account,
        outcome: 'planned',
        notScannedReason: undefined,
        regionsNotEnabled: [],
        regionsLeftOut: [],
      },
    ],
    targets: [{ accountId: ACCOUNT_ID, region: REGION }],
    pulsedVpcs: [],
    notSeen: [],
  };
}

/** Scans, judged in the order given and each with its run finished, and the alerts that came of them. */
async function judged(scans: readonly (readonly [Slot, readonly number[]])[]) {
  const stores = memoryVpcStores();
  const runs = memoryRunStore();
  const alerts = createMemoryAlertStore();
  for (const [slot, free] of scans) {
    const { targets } = await runs.createRun(planOf(slot));
    await stores.facts.putFacts(VPC, { slot, facts: factsAt(slot.at, free) });
    await judgeVpc(
      { vpc: VPC, viewerAccountId: ACCOUNT_ID, slot },
      {
        ...stores,
        policy: OPEN_POLICY,
        accounts: async () => new Map(),
        raiseAlerts: (state) =>
          raiseAlerts(state, {
            alerts,
            series: stores.series,
            subscribers: ['slack'],
            hint: () => Promise.resolve(),
            accountName: async () => 'Payments',
          }),
      },
    );
    await runs.recordOutcomes(
      slot,
      targets.map((target) => ({
        target,
        state: 'finished' as const,
        endedAt: slot.at,
        vpcCount: 1,
        clusterCount: 1,
        notSeen: [],
      })),
    );
  }
  return { stores, runs, alerts };
}

type Judged = Awaited<ReturnType<typeof judged>>;

function rehearsalOf({ stores, runs }: Pick<Judged, 'stores' | 'runs'>, tell: RehearsalPorts['tell']) {
  const alerts = createMemoryAlertStore();
  const ports: RehearsalPorts = {
    ...stores,
    runs,
    policy: OPEN_POLICY,
    accounts: async () => new Map(),
    accountName: async () => 'Payments',
    alerts,
    subscribers: ['slack'],
    tell,
  };
  return { alerts, ports };
}

async function transitionsOf(alerts: Judged['alerts']): Promise<readonly AlertTransition[]> {
  const all = await alerts.listAlerts();
  return (await Promise.all(all.map(({ alertId }) => alerts.transitions(alertId)))).flat();
}

const notTold = () => Promise.resolve();
const unstopped = new AbortController().signal;

describe('rehearseAlerts', () => {
  it('comes to the alerts that judging in time would have raised, in whatever order the scans were stored', async () => {
    const counts = fc.tuple(fc.integer({ min: 0, max: USABLE }), fc.constantFrom(0, 20, 200));
    // Long enough in one state for an alert to resolve: that takes eight scans.
    const spells = fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), counts), { minLength: 3, maxLength: 8 });
    const types: string[] = [];
    await fc.assert(
      fc.asyncProperty(spells, async (drawn) => {
        const free = drawn.flatMap(([length, each]) => Array.from({ length }, () => each));
        const scans = free.map((each, index) => [scanAt(index), each] as const);
        const inTime = await judged(scans);
        const backwards = await judged(scans.toReversed());
        const { alerts, ports } = rehearsalOf(backwards, notTold);
        const summary = await rehearseAlerts(ALL, ports, unstopped);
        expect(summary).toEqual({ outcome: 'complete', scanCount: scans.length });
        const expected = await transitionsOf(inTime.alerts);
        expect(await transitionsOf(alerts)).toEqual(expected);
        types.push(...expected.map(({ type }) => type));
      }),
      { numRuns: 30 },
    );
    expect(new Set(types)).toEqual(new Set(['opened', 'changed', 'resolved', 'removed']));
  });

  it('tells at each hour what is known by then, and nothing of what comes later', async () => {
    const stored = await judged([
      [scanAt(0), [200, 200]],
      [scanAt(1), [0, 200]],
      [scanAt(2), [200, 200]],
    ]);
    const told: string[] = [];
    const { alerts, ports } = rehearsalOf(stored, async (at) => {
      const opened = (await alerts.listAlerts()).map(({ openedAt }) => openedAt.slice(11, 13));
      told.push([at.slice(11, 16), ...opened].join(' '));
    });
    await rehearseAlerts({ ...ALL, to: atHour(14) }, ports, unstopped);
    expect(told).toEqual([
      ...['00:00', '01:00', '02:00', '03:00', '04:00', '05:00'],
      ...['06:00 06', '07:00 06', '08:00 06', '09:00 06', '10:00 06', '11:00 06'],
      ...['12:00 06', '13:00 06'],
    ]);
  });

  it('takes scans from the first moment of its span to before its last, and neither pulses nor requests', async () => {
    const stored = await judged([
      [scanAt(0), [0, 200]],
      [scanAt(1), [200, 200]],
      [{ kind: 'request', at: atHour(7), requestId: 'r1' }, [0, 0]],
      [{ kind: 'scan', at: atHour(8) }, [200, 200]],
      [scanAt(2), [0, 200]],
    ]);
    const { alerts, ports } = rehearsalOf(stored, notTold);
    const span = { from: atHour(6), to: atHour(12) };
    expect(await rehearseAlerts(span, ports, unstopped)).toEqual({ outcome: 'complete', scanCount: 2 });
    expect(await alerts.listAlerts()).toEqual([]);
    const { scanCount } = await rehearseAlerts({ from: atHour(6), to: atHour(12.01) }, ports, unstopped);
    expect(scanCount).toBe(3);
  });

  it('finds scans behind any number of other runs', async () => {
    const stored = await judged([[scanAt(0), [0, 0]]]);
    for (let index = 1; index <= 450; index += 1) {
      await stored.runs.createRun(planOf({ kind: 'pulse', at: atHour(index) }));
    }
    const { alerts, ports } = rehearsalOf(stored, notTold);
    expect((await rehearseAlerts(ALL, ports, unstopped)).scanCount).toBe(1);
    expect(await alerts.listAlerts()).toHaveLength(1);
  });

  it('says of an account that was not seen, once the second of its scans was over', async () => {
    const stored = await judged([]);
    for (const index of [0, 1, 2]) {
      await stored.runs.createRun(planOf(scanAt(index)));
    }
    const told: string[] = [];
    const { alerts, ports } = rehearsalOf(stored, async (at) => {
      told.push(...(await alerts.listAlerts()).map(({ kind }) => `${at.slice(11, 16)} ${kind}`));
    });
    await rehearseAlerts({ ...ALL, to: atHour(14) }, ports, unstopped);
    expect(told[0]).toBe('08:00 scan-stale');
    expect(await transitionsOf(alerts)).toHaveLength(1);
  });

  it('ends where it is stopped, and says so', async () => {
    const stored = await judged([
      [scanAt(0), [200, 200]],
      [scanAt(1), [0, 200]],
    ]);
    const controller = new AbortController();
    const { alerts, ports } = rehearsalOf(stored, async () => controller.abort());
    expect(await rehearseAlerts(ALL, ports, controller.signal)).toEqual({ outcome: 'stopped', scanCount: 1 });
    expect(await alerts.listAlerts()).toEqual([]);
  });

  it('leaves out what no account sees any more', async () => {
    const stored = await judged([[scanAt(0), [0, 0]]]);
    await stored.stores.facts.retireViewer(VPC, ACCOUNT_ID, scanAt(1));
    const { alerts, ports } = rehearsalOf(stored, notTold);
    await rehearseAlerts(ALL, ports, unstopped);
    expect(await alerts.listAlerts()).toEqual([]);
  });
});
