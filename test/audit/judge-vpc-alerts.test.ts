import { describe, expect, it } from 'vitest';
import { type JudgePorts, judgeVpc } from '../../lib/audit/judge-vpc.ts';
import { OPEN_POLICY } from '../../lib/audit/policy.ts';
import { raiseAlerts } from '../../lib/audit/raise-alerts.ts';
import type { StateStore } from '../../lib/audit/store-ports.ts';
import type { VpcId } from '../../lib/domain/capacity/vpc-state.ts';
import { observed } from '../../lib/domain/fact.ts';
import { createMemoryAlertStore } from '../../lib/local/service/memory-alert-store.ts';
import { ACCOUNT_ID, aCluster, aSubnet, CLUSTER_NAME, NOW, SUBNET_ID, VPC_ID } from '../helpers/builders.ts';
import { memoryVpcStores } from '../helpers/memory-vpc-stores.ts';
import { REGION, someClusterFacts, someRegionFacts, withClusters } from '../helpers/region-facts-builder.ts';

const VPC: VpcId = { ownerId: ACCOUNT_ID, region: REGION, vpcId: VPC_ID };
const SLOT = { kind: 'scan', at: NOW } as const;
const MESSAGE = { vpc: VPC, viewerAccountId: ACCOUNT_ID, slot: SLOT };

class Died extends Error {}

/** One observation of a VPC whose cluster's subnet is full by EC2's count. */
async function aFullVpc() {
  const stores = memoryVpcStores();
  const cluster = someClusterFacts({ cluster: observed(aCluster({ subnetIds: [SUBNET_ID] }), NOW) }, CLUSTER_NAME);
  const facts = someRegionFacts({
    startedAt: NOW,
    subnets: observed([aSubnet({ availableIpAddressCount: 0 })], NOW),
    ...withClusters({ [CLUSTER_NAME]: cluster }),
  });
  await stores.facts.putFacts(VPC, { slot: SLOT, facts });
  const alerts = createMemoryAlertStore();
  const ports: JudgePorts = {
    ...stores,
    policy: OPEN_POLICY,
    accounts: async () => new Map(),
    raiseAlerts: (state) =>
      raiseAlerts(state, {
        alerts,
        series: stores.series,
        subscribers: ['slack'],
        hint: () => Promise.resolve(),
        accountName: async () => undefined,
      }),
  };
  return { ports, alerts };
}

describe('judgeVpc', () => {
  it('raises the alerts of the state that it wrote, once', async () => {
    const { ports, alerts } = await aFullVpc();
    expect((await judgeVpc(MESSAGE, ports)).outcome).toBe('judged');
    expect((await judgeVpc(MESSAGE, ports)).outcome).toBe('already-judged');
    expect(await alerts.listAlerts()).toMatchObject([
      { kind: 'exhaustion', isExhausted: true, sequence: 1, subject: { kind: 'subnet', subnetId: SUBNET_ID } },
    ]);
  });

  it('raises them by the next delivery where it died before the state was written', async () => {
    const { ports, alerts } = await aFullVpc();
    const states: StateStore = { ...ports.states, writeState: () => Promise.reject(new Died()) };
    await expect(judgeVpc(MESSAGE, { ...ports, states })).rejects.toThrow(Died);
    expect(await ports.states.readState(VPC)).toBeUndefined();
    expect((await judgeVpc(MESSAGE, ports)).outcome).toBe('judged');
    expect(await alerts.listAlerts()).toMatchObject([{ sequence: 1 }]);
  });

  it('writes the state though they cannot be raised, says so, and raises them by the next delivery', async () => {
    const { ports, alerts } = await aFullVpc();
    const failing = { ...ports, raiseAlerts: () => Promise.reject(new Died()) };
    await expect(judgeVpc(MESSAGE, failing)).rejects.toThrow(Died);
    expect(await ports.states.readState(VPC)).toBeDefined();
    await expect(judgeVpc(MESSAGE, failing)).rejects.toThrow(Died);
    expect(await alerts.listAlerts()).toEqual([]);
    expect((await judgeVpc(MESSAGE, ports)).outcome).toBe('already-judged');
    expect(await alerts.listAlerts()).toHaveLength(1);
  });

  it('reads no alert again where a message comes twice', async () => {
    const { ports } = await aFullVpc();
    await judgeVpc(MESSAGE, ports);
    const asked = { ...ports, raiseAlerts: () => Promise.reject(new Error('the alerts were looked at')) };
    expect((await judgeVpc(MESSAGE, asked)).outcome).toBe('already-judged');
  });
});
