import { describe, expect, it } from 'vitest';
import { type JudgePorts, judgeVpc } from '../../lib/audit/judge-vpc.ts';
import { OPEN_POLICY } from '../../lib/audit/policy.ts';
import { type Slot, slotText } from '../../lib/audit/slot.ts';
import type { StateStore } from '../../lib/audit/store-ports.ts';
import type { SubnetState } from '../../lib/domain/capacity/region-state.ts';
import type { VpcId, VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import { observed, unavailable } from '../../lib/domain/fact.ts';
import type { NetworkInterface, Subnet } from '../../lib/domain/network/network.ts';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import {
  ACCOUNT_ID,
  aCluster,
  aNetworkInterface,
  aSubnet,
  CLUSTER_NAME,
  SUBNET_ID,
  VPC_ID,
} from '../helpers/builders.ts';
import { type MemoryVpcStores, memoryVpcStores } from '../helpers/memory-vpc-stores.ts';
import {
  deniedError,
  REGION,
  someClusterFacts,
  someRegionFacts,
  withClusters,
} from '../helpers/region-facts-builder.ts';

const OWNER_ID = ACCOUNT_ID;
const FIRST_ID = '131313131313';
const SECOND_ID = '141414141414';
const VPC: VpcId = { ownerId: OWNER_ID, region: REGION, vpcId: VPC_ID };

function slotAt(hour: number): Slot {
  return { kind: 'scan', at: `2026-11-23T${String(hour).padStart(2, '0')}:00:00.000Z` };
}

function timeAt(hour: number, minute: number): string {
  return `2026-11-23T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00.000Z`;
}

interface Scan {
  readonly accountId: string;
  readonly hour: number;
  readonly minute?: number;
  readonly subnets?: readonly Subnet[];
  readonly networkInterfaces?: readonly NetworkInterface[];
  readonly clusterName?: string;
}

/** What one account sees of the VPC in one scan, all of it at one minute. */
function scanned({
  accountId,
  hour,
  minute = 5,
  subnets = [aSubnet()],
  networkInterfaces = [],
  clusterName,
}: Scan): RegionFacts {
  const at = timeAt(hour, minute);
  const clusters =
    clusterName === undefined
      ? {}
      : withClusters({
          [clusterName]: someClusterFacts(
            { cluster: observed(aCluster({ name: clusterName, subnetIds: [SUBNET_ID] }), at) },
            clusterName,
          ),
        });
  return someRegionFacts({
    target: { accountId, region: REGION },
    startedAt: at,
    subnets: observed(subnets, at),
    networkInterfaces: observed(networkInterfaces, at),
    ...clusters,
  });
}

interface Service extends MemoryVpcStores {
  readonly ports: JudgePorts;
  /** Keeps a scan and judges, as scan-target and judge-vpc do one after the other. */
  readonly scan: (facts: RegionFacts, hour: number) => Promise<void>;
  readonly judge: (viewerAccountId: string, slot: Slot) => ReturnType<typeof judgeVpc>;
  readonly state: () => Promise<VpcState>;
}

function service(stores = memoryVpcStores()): Service {
  const ports: JudgePorts = { ...stores, policy: OPEN_POLICY, accounts: async () => new Map() };
  const judge: Service['judge'] = (viewerAccountId, slot) => judgeVpc({ vpc: VPC, viewerAccountId, slot }, ports);
  return {
    ...stores,
    ports,
    judge,
    async scan(facts, hour) {
      await stores.facts.putFacts(VPC, { slot: slotAt(hour), facts });
      await judge(facts.target.accountId, slotAt(hour));
    },
    async state() {
      const stored = await stores.states.readState(VPC);
      if (stored === undefined) {
        throw new Error('Nothing was judged');
      }
      return stored.state;
    },
  };
}

function subnetOf({ subnets }: VpcState, subnetId = SUBNET_ID): SubnetState {
  const found = subnets.find(({ subnet }) => subnet.subnetId === subnetId);
  if (found === undefined) {
    throw new Error(`${subnetId} was not judged`);
  }
  return found;
}

function permutations<T>(items: readonly T[]): T[][] {
  return items.length === 0
    ? [[]]
    : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

function interfaceOf(ownerId: string, networkInterfaceId: string, addresses: readonly number[]): NetworkInterface {
  return aNetworkInterface({ ownerId, networkInterfaceId, privateIpAddresses: addresses });
}

const BASE = 0x0a00_0000;
const POD = BASE + 20;

/** The owner has no cluster; two accounts have one each in its subnet. An address moves from one's node to the other's. */
function sharedVpcAt(hour: number, holderId: string): readonly RegionFacts[] {
  const nodes = [FIRST_ID, SECOND_ID].map((accountId, index) =>
    interfaceOf(accountId, `eni-${accountId}`, [BASE + 10 + index, ...(accountId === holderId ? [POD] : [])]),
  );
  const subnets = [aSubnet({ availableIpAddressCount: 251 - 3 })];
  return [
    scanned({ accountId: OWNER_ID, hour, minute: 10, subnets, networkInterfaces: nodes }),
    ...[FIRST_ID, SECOND_ID].map((accountId, index) =>
      scanned({
        accountId,
        hour,
        minute: 5 + index * 10,
        subnets,
        networkInterfaces: nodes.filter(({ ownerId }) => ownerId === accountId),
        clusterName: `cluster-of-${accountId}`,
      }),
    ),
  ];
}

describe('a shared VPC', () => {
  const orders = permutations([0, 1, 2]);

  it.each(orders.map((order) => [order.join(', '), order] as const))(
    'is judged the same when its viewers arrive in the order %s, twice, with an address moving in between',
    async (_, order) => {
      const arrived = service();
      for (const [hour, holderId] of [
        [8, FIRST_ID],
        [9, SECOND_ID],
      ] as const) {
        const facts = sharedVpcAt(hour, holderId);
        for (const index of hour === 8 ? order : order.toReversed()) {
          const viewed = facts[index];
          if (viewed !== undefined) {
            await arrived.scan(viewed, hour);
          }
        }
      }
      const straight = service();
      for (const viewed of sharedVpcAt(9, SECOND_ID)) {
        await straight.scan(viewed, 9);
      }
      const { firstObservedAt: _first, ...state } = await arrived.state();
      const { firstObservedAt: _straight, ...expected } = await straight.state();
      expect(state).toEqual(expected);
    },
  );

  it('counts an address once while it moves, whoever looked last', async () => {
    const one = service();
    const [before] = sharedVpcAt(8, FIRST_ID);
    const [, , after] = sharedVpcAt(9, SECOND_ID);
    for (const viewed of sharedVpcAt(8, FIRST_ID)) {
      await one.scan(viewed, 8);
    }
    // The participant that got the address is scanned before the owner: the owner's word stands.
    if (before === undefined || after === undefined) {
      throw new Error('The scenario has three viewers');
    }
    await one.scan(after, 9);
    expect(subnetOf(await one.state()).capacity).toMatchObject({
      counts: { usedAddressCount: 3, freeAddressCount: 248 },
    });
  });

  it('has both clusters, each under its account, and nothing unknown once its owner was seen', async () => {
    const one = service();
    for (const viewed of sharedVpcAt(8, FIRST_ID)) {
      await one.scan(viewed, 8);
    }
    const state = await one.state();
    expect(state.clusters.map(({ clusterId }) => clusterId)).toEqual([
      `${FIRST_ID}:${REGION}:cluster-of-${FIRST_ID}`,
      `${SECOND_ID}:${REGION}:cluster-of-${SECOND_ID}`,
    ]);
    expect(subnetOf(state).status.reasons.map(({ code }) => code)).not.toContain('owner-not-seen');
    expect(subnetOf(state).viewerAccountIds).toEqual([OWNER_ID, FIRST_ID, SECOND_ID]);
  });

  it('whose owner is not scanned is counted by EC2 alone and unknown, until the owner is', async () => {
    const one = service();
    const [owner, ...participants] = sharedVpcAt(8, FIRST_ID);
    for (const viewed of participants) {
      await one.scan(viewed, 8);
    }
    const blind = subnetOf(await one.state());
    expect(blind.status).toMatchObject({
      status: 'unknown',
      reasons: [{ code: 'owner-not-seen', ownerId: OWNER_ID }, {}],
    });
    expect(blind.capacity).toMatchObject({ source: 'available-ip-address-count', availableIpAddressCount: 248 });
    if (owner !== undefined) {
      await one.scan(owner, 8);
    }
    expect(subnetOf(await one.state()).status.status).toBe('healthy');
  });

  it('whose owner leaves is unknown again, and gone when nobody sees it any more', async () => {
    const one = service();
    for (const viewed of sharedVpcAt(8, FIRST_ID)) {
      await one.scan(viewed, 8);
    }
    await one.facts.retireViewer(VPC, OWNER_ID, slotAt(9));
    await one.judge(OWNER_ID, slotAt(9));
    expect(subnetOf(await one.state()).status.reasons[0]).toEqual({ code: 'owner-not-seen', ownerId: OWNER_ID });
    for (const accountId of [FIRST_ID, SECOND_ID]) {
      await one.facts.retireViewer(VPC, accountId, slotAt(9));
      await one.judge(accountId, slotAt(9));
    }
    const { subnets, clusters, gone } = await one.state();
    expect([subnets, clusters]).toEqual([[], []]);
    expect(gone.map(({ kind, id }) => `${kind} ${id}`).sort()).toEqual([
      `cluster ${FIRST_ID}:${REGION}:cluster-of-${FIRST_ID}`,
      `cluster ${SECOND_ID}:${REGION}:cluster-of-${SECOND_ID}`,
      `subnet ${SUBNET_ID}`,
    ]);
  });

  it("has one series: the owner's, once it is scanned", async () => {
    const one = service();
    const [owner, first, second] = sharedVpcAt(8, FIRST_ID);
    for (const viewed of [first, owner, second]) {
      if (viewed !== undefined) {
        await one.scan(viewed, 8);
      }
    }
    const samples = await one.series.samples(VPC, { from: '2026-11-23', to: '2026-11-23' });
    // The first participant came while the owner was not known.
    expect(samples.map(({ viewerAccountId }) => viewerAccountId)).toEqual([FIRST_ID, OWNER_ID]);
    expect(samples.map(({ points }) => points.get(SUBNET_ID)?.freeAddressCount)).toEqual([undefined, 248]);
  });
});

describe('what a complete scan no longer lists', () => {
  const LEFT = aSubnet({ subnetId: 'subnet-0left' });

  async function withTwoSubnets(): Promise<Service> {
    const one = service();
    await one.scan(scanned({ accountId: OWNER_ID, hour: 8, subnets: [aSubnet(), LEFT], clusterName: CLUSTER_NAME }), 8);
    return one;
  }

  it('is gone: it leaves the state and is remembered with when it was seen last', async () => {
    const one = await withTwoSubnets();
    await one.scan(scanned({ accountId: OWNER_ID, hour: 9 }), 9);
    const { subnets, clusters, gone } = await one.state();
    expect(subnets.map(({ subnet }) => subnet.subnetId)).toEqual([SUBNET_ID]);
    expect(clusters).toEqual([]);
    expect(gone).toEqual([
      { kind: 'subnet', id: 'subnet-0left', lastObservedAt: timeAt(8, 5), goneAt: timeAt(9, 5) },
      {
        kind: 'cluster',
        id: `${OWNER_ID}:${REGION}:${CLUSTER_NAME}`,
        lastObservedAt: timeAt(8, 5),
        goneAt: timeAt(9, 5),
      },
    ]);
  });

  it('is there again when it is listed again', async () => {
    const one = await withTwoSubnets();
    await one.scan(scanned({ accountId: OWNER_ID, hour: 9, clusterName: CLUSTER_NAME }), 9);
    await one.scan(
      scanned({ accountId: OWNER_ID, hour: 10, subnets: [aSubnet(), LEFT], clusterName: CLUSTER_NAME }),
      10,
    );
    const { subnets, gone } = await one.state();
    expect([subnets.length, gone]).toEqual([2, []]);
  });

  it.each([
    ['396 days', '2027-12-24T09:05:00.000Z', 1],
    ['a minute more', '2027-12-24T09:06:00.000Z', 0],
  ])('is forgotten after 13 months: after %s', async (_, at, count) => {
    const one = await withTwoSubnets();
    await one.scan(scanned({ accountId: OWNER_ID, hour: 9, clusterName: CLUSTER_NAME }), 9);
    const facts = scanned({ accountId: OWNER_ID, hour: 9, clusterName: CLUSTER_NAME });
    const later = { ...facts, startedAt: at, subnets: observed([aSubnet()], at) };
    await one.facts.putFacts(VPC, { slot: { kind: 'scan', at }, facts: later });
    await one.judge(OWNER_ID, { kind: 'scan', at });
    expect((await one.state()).gone).toHaveLength(count);
  });

  it("is not gone where its account's facts have expired: it stays as it was", async () => {
    const one = service();
    for (const viewed of sharedVpcAt(8, FIRST_ID)) {
      await one.scan(viewed, 8);
    }
    const before = await one.state();
    const facts = {
      ...one.facts,
      latestFacts: async () => [{ viewerAccountId: OWNER_ID, scan: undefined, pulse: undefined, hasExpired: true }],
    };
    await judgeVpc({ vpc: VPC, viewerAccountId: OWNER_ID, slot: slotAt(9) }, { ...one.ports, facts });
    const { subnets, gone } = await one.state();
    expect(subnets).toEqual(before.subnets);
    expect(gone.map(({ kind }) => kind)).toEqual(['cluster', 'cluster']);
  });
});

describe('a judgement', () => {
  it('of what was judged already writes nothing', async () => {
    const one = service();
    await one.scan(scanned({ accountId: OWNER_ID, hour: 8 }), 8);
    const before = await one.states.readState(VPC);
    const states: StateStore = { ...one.states, writeState: () => Promise.reject(new Error('a state was written')) };
    const again = await judgeVpc({ vpc: VPC, viewerAccountId: OWNER_ID, slot: slotAt(8) }, { ...one.ports, states });
    expect(again.outcome).toBe('already-judged');
    expect(await one.states.readState(VPC)).toEqual(before);
  });

  it('that another writer made in the meantime is left to stand', async () => {
    const one = service();
    await one.scan(scanned({ accountId: OWNER_ID, hour: 8 }), 8);
    const before = await one.states.readState(VPC);
    let reads = 0;
    const states: StateStore = {
      ...one.states,
      async readState(vpc) {
        reads += 1;
        return reads === 1 ? undefined : one.states.readState(vpc);
      },
    };
    const again = await judgeVpc({ vpc: VPC, viewerAccountId: OWNER_ID, slot: slotAt(8) }, { ...one.ports, states });
    expect([again.outcome, reads]).toEqual(['already-judged', 2]);
    expect(await one.states.readState(VPC)).toEqual(before);
  });

  /** Answers what need not be as of now as it was when this was called. */
  async function late(one: Service): Promise<JudgePorts> {
    const before = await one.facts.latestFacts(VPC);
    const latestFacts: JudgePorts['facts']['latestFacts'] = async (vpc, options) =>
      options?.isConsistent === false ? before : one.facts.latestFacts(vpc);
    return { ...one.ports, facts: { ...one.facts, latestFacts } };
  }

  it('sees what its message tells of, however late an answer is', async () => {
    const one = service();
    await one.scan(scanned({ accountId: OWNER_ID, hour: 8 }), 8);
    const ports = await late(one);
    const facts = scanned({ accountId: OWNER_ID, hour: 9, subnets: [aSubnet({ availableIpAddressCount: 7 })] });
    await one.facts.putFacts(VPC, { slot: slotAt(9), facts });
    await judgeVpc({ vpc: VPC, viewerAccountId: OWNER_ID, slot: slotAt(9) }, ports);
    expect((await one.state()).judgedFrom).toMatchObject([{ scanSlot: slotText(slotAt(9)) }]);
    const pulse = {
      target: { accountId: OWNER_ID, region: REGION },
      availableIpAddressCounts: new Map([[SUBNET_ID, 3]]),
    };
    const slot: Slot = { kind: 'pulse', at: timeAt(9, 15) };
    await one.facts.putPulse(VPC, { slot, pulse: { ...pulse, observedAt: timeAt(9, 16) } });
    await judgeVpc({ vpc: VPC, viewerAccountId: OWNER_ID, slot }, ports);
    expect((await one.state()).judgedFrom).toMatchObject([{ pulseSlot: slotText(slot) }]);
  });

  it('never goes back behind what was judged of another account, however late an answer is', async () => {
    const one = service();
    for (const viewed of sharedVpcAt(8, FIRST_ID)) {
      await one.scan(viewed, 8);
    }
    const ports = await late(one);
    const [owner, first, second] = sharedVpcAt(9, FIRST_ID);
    if (owner === undefined || first === undefined || second === undefined) {
      throw new Error('The shared VPC is seen by three accounts');
    }
    await one.scan(owner, 9);
    await one.scan(first, 9);
    await one.facts.putFacts(VPC, { slot: slotAt(9), facts: second });
    await judgeVpc({ vpc: VPC, viewerAccountId: second.target.accountId, slot: slotAt(9) }, ports);
    const { judgedFrom } = await one.state();
    expect(judgedFrom.map(({ scanSlot }) => scanSlot)).toEqual(Array.from({ length: 3 }, () => slotText(slotAt(9))));
  });

  it('leaves out an account that no longer sees the VPC, however late an answer is', async () => {
    const one = service();
    for (const viewed of sharedVpcAt(8, FIRST_ID)) {
      await one.scan(viewed, 8);
    }
    const ports = await late(one);
    await one.facts.retireViewer(VPC, FIRST_ID, slotAt(9));
    await judgeVpc({ vpc: VPC, viewerAccountId: FIRST_ID, slot: slotAt(9) }, ports);
    expect((await one.state()).judgedFrom.map(({ viewerAccountId }) => viewerAccountId)).not.toContain(FIRST_ID);
  });

  it('does not bring back an account that was let go of, however late an answer is', async () => {
    const one = service();
    for (const viewed of sharedVpcAt(8, FIRST_ID)) {
      await one.scan(viewed, 8);
    }
    const ports = await late(one);
    await one.facts.retireViewer(VPC, FIRST_ID, slotAt(9));
    await one.judge(FIRST_ID, slotAt(9));
    const [owner] = sharedVpcAt(9, FIRST_ID);
    if (owner === undefined) {
      throw new Error('The shared VPC has an owner');
    }
    await one.facts.putFacts(VPC, { slot: slotAt(9), facts: owner });
    const latestFacts: JudgePorts['facts']['latestFacts'] = async (vpc, options) =>
      (await ports.facts.latestFacts(vpc, options)).map((viewer) =>
        viewer.viewerAccountId === OWNER_ID ? { ...viewer, scan: { slot: slotAt(9), facts: owner } } : viewer,
      );
    const message = { vpc: VPC, viewerAccountId: OWNER_ID, slot: slotAt(9) };
    await judgeVpc(message, { ...ports, facts: { ...ports.facts, latestFacts } });
    expect((await one.state()).judgedFrom.map(({ viewerAccountId }) => viewerAccountId)).not.toContain(FIRST_ID);
  });

  it('is made again where the settings have changed since', async () => {
    const one = service();
    await one.scan(scanned({ accountId: OWNER_ID, hour: 8 }), 8);
    const policy = { ...OPEN_POLICY, settingsHash: 'other', teamOf: () => 'shop' };
    await judgeVpc({ vpc: VPC, viewerAccountId: OWNER_ID, slot: slotAt(8) }, { ...one.ports, policy });
    expect([(await one.state()).settingsHash, subnetOf(await one.state()).team]).toEqual(['other', 'shop']);
  });

  it('of an older slot joins the series and leaves the state', async () => {
    const one = service();
    await one.scan(scanned({ accountId: OWNER_ID, hour: 9 }), 9);
    const before = await one.state();
    await one.scan(scanned({ accountId: OWNER_ID, hour: 8, subnets: [aSubnet({ availableIpAddressCount: 7 })] }), 8);
    expect(await one.state()).toEqual(before);
    const samples = await one.series.samples(VPC, { from: '2026-11-23', to: '2026-11-23' });
    expect(samples.map(({ observedAt }) => observedAt)).toEqual([timeAt(8, 5), timeAt(9, 5)]);
  });

  it('of an earlier day joins the series, and nothing is read again for it', async () => {
    const one = service();
    await one.scan(scanned({ accountId: OWNER_ID, hour: 9 }), 9);
    const before = await one.state();
    const at = '2026-11-22T23:00:00.000Z';
    const facts = { ...scanned({ accountId: OWNER_ID, hour: 8 }), startedAt: at, subnets: observed([aSubnet()], at) };
    const slot: Slot = { kind: 'scan', at };
    await one.facts.putFacts(VPC, { slot, facts });
    const reads: string[] = [];
    const { states } = one.ports;
    const ports: JudgePorts = {
      ...one.ports,
      states: {
        ...states,
        readState(vpc) {
          reads.push('state');
          return states.readState(vpc);
        },
      },
      facts: {
        ...one.facts,
        latestFacts(vpc) {
          reads.push('facts');
          return one.facts.latestFacts(vpc);
        },
      },
    };
    const summary = await judgeVpc({ vpc: VPC, viewerAccountId: OWNER_ID, slot }, ports);
    expect(summary).toEqual({ outcome: 'already-judged', isSampled: true });
    expect(reads).toEqual(['state', 'facts']);
    expect(await one.state()).toEqual(before);
    const samples = await one.series.samples(VPC, { from: '2026-11-22', to: '2026-11-22' });
    expect(samples.map(({ observedAt }) => observedAt)).toEqual([at]);
  });

  it('lets samples wait with the state, and join their day a dozen at a time or when it is over', async () => {
    const one = service();
    const joined: number[] = [];
    const series: JudgePorts['series'] = {
      ...one.series,
      async addSample(vpc, ...samples) {
        joined.push(samples.length);
        await one.series.addSample(vpc, ...samples);
      },
    };
    const hours = Array.from({ length: 14 }, (_, index) => index + 8);
    for (const hour of [...hours, 24, 25]) {
      const at = new Date(Date.parse('2026-11-23T00:00:00.000Z') + hour * 3_600_000).toISOString();
      const facts = { ...scanned({ accountId: OWNER_ID, hour: 8 }), startedAt: at, subnets: observed([aSubnet()], at) };
      const slot: Slot = { kind: 'scan', at };
      await one.facts.putFacts(VPC, { slot, facts });
      await judgeVpc({ vpc: VPC, viewerAccountId: OWNER_ID, slot }, { ...one.ports, series });
      const samples = await one.series.samples(VPC, { from: '2026-11-23', to: '2026-11-24' });
      expect(samples.at(-1)?.observedAt).toBe(at);
    }
    // Thirteen of the first day, then its last with the first of the next.
    expect(joined).toEqual([13, 2]);
    expect(await one.series.samples(VPC, { from: '2026-11-23', to: '2026-11-23' })).toHaveLength(hours.length);
    expect((await one.states.readState(VPC))?.waiting).toHaveLength(1);
  });

  it('adds an observation that an earlier judgement has seen, and did not let wait', async () => {
    const one = service();
    await one.facts.putFacts(VPC, { slot: slotAt(8), facts: scanned({ accountId: OWNER_ID, hour: 8 }) });
    await one.facts.putFacts(VPC, { slot: slotAt(9), facts: scanned({ accountId: OWNER_ID, hour: 9 }) });
    await one.judge(OWNER_ID, slotAt(9));
    for (const repeated of ['first', 'again']) {
      expect(await one.judge(OWNER_ID, slotAt(8)), repeated).toEqual({ outcome: 'already-judged', isSampled: true });
      const samples = await one.series.samples(VPC, { from: '2026-11-23', to: '2026-11-23' });
      expect(samples.map(({ observedAt }) => observedAt)).toEqual([timeAt(8, 5), timeAt(9, 5)]);
    }
  });

  it('of a VPC that nothing was observed of is no state', async () => {
    const one = service();
    expect((await one.judge(OWNER_ID, slotAt(8))).outcome).toBe('nothing-observed');
    expect(await one.states.readState(VPC)).toBeUndefined();
  });

  it('reads again where another writer came first', async () => {
    const one = service();
    await one.facts.putFacts(VPC, { slot: slotAt(8), facts: scanned({ accountId: OWNER_ID, hour: 8 }) });
    let conflicts = 0;
    const states: StateStore = {
      ...one.states,
      async writeState(state, expected) {
        conflicts += 1;
        return conflicts <= 2 ? { outcome: 'version-conflict' } : one.states.writeState(state, expected);
      },
    };
    const summary = await judgeVpc({ vpc: VPC, viewerAccountId: OWNER_ID, slot: slotAt(8) }, { ...one.ports, states });
    expect([summary.outcome, conflicts]).toEqual(['judged', 3]);
  });

  it('fails, naming the VPC, where another writer always comes first', async () => {
    const one = service();
    await one.facts.putFacts(VPC, { slot: slotAt(8), facts: scanned({ accountId: OWNER_ID, hour: 8 }) });
    const states: StateStore = { ...one.states, writeState: async () => ({ outcome: 'version-conflict' }) };
    await expect(
      judgeVpc({ vpc: VPC, viewerAccountId: OWNER_ID, slot: slotAt(8) }, { ...one.ports, states }),
    ).rejects.toThrow(`Cannot judge ${VPC_ID} of ${OWNER_ID} in ${REGION}: its state changed under each of 5 attempts`);
  });

  it('that stops at any step is finished by the next delivery', async () => {
    const whole = service();
    await whole.scan(scanned({ accountId: OWNER_ID, hour: 8 }), 8);
    const expected = await whole.state();
    let stops = 0;
    for (let step = 0; ; step += 1) {
      const one = service();
      await one.facts.putFacts(VPC, { slot: slotAt(8), facts: scanned({ accountId: OWNER_ID, hour: 8 }) });
      let calls = 0;
      const stopping = <T extends object>(store: T): T =>
        new Proxy(store, {
          get: (target, name) => {
            const method: unknown = Reflect.get(target, name);
            return typeof method !== 'function'
              ? method
              : async (...input: unknown[]) => {
                  calls += 1;
                  if (calls > step) {
                    throw new Error('stopped');
                  }
                  return Reflect.apply(method, target, input);
                };
          },
        });
      const ports: JudgePorts = {
        ...one.ports,
        facts: stopping(one.facts),
        states: stopping(one.states),
        series: stopping(one.series),
      };
      const attempt = judgeVpc({ vpc: VPC, viewerAccountId: OWNER_ID, slot: slotAt(8) }, ports);
      const isStopped = await attempt.then(
        () => false,
        () => true,
      );
      await one.judge(OWNER_ID, slotAt(8));
      expect(await one.state()).toEqual(expected);
      expect(await one.series.samples(VPC, { from: '2026-11-23', to: '2026-11-23' })).toHaveLength(1);
      if (!isStopped) {
        break;
      }
      stops += 1;
    }
    // The state, the facts, the days to forecast from, the least of each, and the state again.
    expect(stops).toBe(5);
  });
});

describe('a pulse', () => {
  async function pulsed(minute: number, availableIpAddressCount: number): Promise<Service> {
    const one = service();
    await one.scan(scanned({ accountId: OWNER_ID, hour: 8, minute: 10 }), 8);
    const slot: Slot = { kind: 'pulse', at: timeAt(8, 15) };
    const pulse = {
      target: { accountId: OWNER_ID, region: REGION },
      observedAt: timeAt(8, minute),
      availableIpAddressCounts: new Map([[SUBNET_ID, availableIpAddressCount]]),
    };
    await one.facts.putPulse(VPC, { slot, pulse });
    await one.judge(OWNER_ID, slot);
    return one;
  }

  it('after a scan moves what is left, and the status with it, but not what the scan counted', async () => {
    const subnet = subnetOf(await (await pulsed(16, 0)).state());
    expect(subnet.status.status).toBe('exhausted');
    expect(subnet.capacity).toMatchObject({
      counts: { freeAddressCount: 251 },
      reconciliation: { availableIpAddressCount: 251 },
      pulse: { availableIpAddressCount: 0, observedAt: timeAt(8, 16) },
    });
    expect(subnet.observedAt).toBe(timeAt(8, 10));
  });

  it('that was read before the scan says nothing', async () => {
    expect(subnetOf(await (await pulsed(9, 0)).state()).capacity?.pulse).toBeUndefined();
  });

  it("joins the series with EC2's counter alone", async () => {
    const one = await pulsed(16, 200);
    const samples = await one.series.samples(VPC, { from: '2026-11-23', to: '2026-11-23' });
    expect(samples.map(({ kind, points }) => [kind, points.get(SUBNET_ID)])).toEqual([
      ['scan', expect.objectContaining({ availableIpAddressCount: 251, freePrefixCount: 14 })],
      ['pulse', expect.objectContaining({ availableIpAddressCount: 200, freePrefixCount: undefined })],
    ]);
  });
});

describe('a scan whose subnets could not be read', () => {
  it('adds nothing to the series, and what stands of the scan before gets stale', async () => {
    const one = service();
    await one.scan(scanned({ accountId: OWNER_ID, hour: 8 }), 8);
    const known = scanned({ accountId: OWNER_ID, hour: 8 });
    // As the scan keeps it: carried over, with the times of when it was seen.
    await one.scan({ ...known, startedAt: timeAt(11, 5) }, 11);
    expect(await one.series.samples(VPC, { from: '2026-11-23', to: '2026-11-23' })).toHaveLength(1);
    const subnet = subnetOf(await one.state());
    expect([subnet.status.status, subnet.status.reasons[0]?.code, subnet.observedAt]).toEqual([
      'unknown',
      'fact-stale',
      timeAt(8, 5),
    ]);
  });

  it('has counters without uses where only the interfaces could not be listed', async () => {
    const one = service();
    const facts = scanned({ accountId: OWNER_ID, hour: 8 });
    const networkInterfaces = unavailable(deniedError('ec2:DescribeNetworkInterfaces'));
    await one.scan({ ...facts, networkInterfaces }, 8);
    const [sample] = await one.series.samples(VPC, { from: '2026-11-23', to: '2026-11-23' });
    expect(sample?.points.get(SUBNET_ID)).toMatchObject({ availableIpAddressCount: 251, freeAddressCount: undefined });
  });
});
