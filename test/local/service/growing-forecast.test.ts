import { describe, expect, it } from 'vitest';
import { judgeVpc } from '../../../lib/audit/judge-vpc.ts';
import { OPEN_POLICY } from '../../../lib/audit/policy.ts';
import type { VpcId } from '../../../lib/domain/capacity/vpc-state.ts';
import { observed } from '../../../lib/domain/fact.ts';
import type { SeriesSample } from '../../../lib/domain/trend/series.ts';
import { addAccount, addRegion, createSimulatedAws } from '../../../lib/local/simulated-aws/build/organization.ts';
import { liveAws } from '../../../lib/local/simulated-aws/live/live-aws.ts';
import { countSubnets, createWorld } from '../../../lib/local/simulated-aws/live/world.ts';
import { buildGrowing, EXHAUSTED_ON_DAY } from '../../../lib/local/simulated-aws/scenarios/growing.ts';
import { ACCOUNT_ID, aNetworkInterface, aSubnet, VPC_ID } from '../../helpers/builders.ts';
import { memoryVpcStores } from '../../helpers/memory-vpc-stores.ts';
import { someRegionFacts } from '../../helpers/region-facts-builder.ts';
import { aPoint, USABLE } from '../../helpers/series-builder.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PAST_DAYS = 30;
const REGION = 'us-east-1';
const START = new Date('2026-11-20T00:00:00Z');
const NAMES = ['payments-prod-a', 'payments-prod-b'];
const VPC: VpcId = { ownerId: ACCOUNT_ID, region: REGION, vpcId: VPC_ID };

interface Hour {
  readonly observedAt: string;
  /** By name of the subnet. */
  readonly free: ReadonlyMap<string, number>;
}

/** What EC2 counts free in the growing scenario, hour by hour, alone in its world. */
function watchGrowing(days: number): readonly Hour[] {
  const live = liveAws(() => {
    const aws = createSimulatedAws({
      partition: 'aws',
      organizationId: 'o-growing',
      managementAccountId: ACCOUNT_ID,
      now: () => START,
    });
    const world = createWorld(aws, { seed: 7, startAt: START, historyDays: PAST_DAYS + 10 });
    const account = addAccount(aws, { id: ACCOUNT_ID, name: 'Payments' });
    addRegion(account, REGION, { zoneShift: 0 });
    buildGrowing(world, account);
    countSubnets(world);
    return world;
  });
  return Array.from({ length: (PAST_DAYS + days) * 24 }, (_, index): Hour => {
    const at = new Date(START.getTime() - PAST_DAYS * DAY_MS + index * HOUR_MS);
    live.advanceTo(at);
    const subnets = live.aws.accounts.get(ACCOUNT_ID)?.regions.get(REGION)?.subnets ?? [];
    const free = subnets.flatMap(({ Tags, AvailableIpAddressCount }): [string, number][] => {
      const name = Tags?.find(({ Key }) => Key === 'Name')?.Value ?? '';
      return NAMES.includes(name) && AvailableIpAddressCount !== undefined ? [[name, AvailableIpAddressCount]] : [];
    });
    return { observedAt: at.toISOString(), free: new Map(free) };
  });
}

function sampleOf({ observedAt, free }: Hour): SeriesSample {
  const points = [...free].map(([name, count]) => [name, aPoint(count)] as const);
  return { observedAt, kind: 'scan', viewerAccountId: ACCOUNT_ID, points: new Map(points) };
}

const BASE = 0x0a00_0000;

function factsOf({ observedAt, free }: Hour) {
  return someRegionFacts({
    target: { accountId: ACCOUNT_ID, region: REGION },
    startedAt: observedAt,
    subnets: observed(
      [...free].map(([subnetId, count]) => aSubnet({ subnetId, availableIpAddressCount: count })),
      observedAt,
    ),
    networkInterfaces: observed(
      [...free].map(([subnetId, count]) =>
        aNetworkInterface({
          networkInterfaceId: `eni-${subnetId}`,
          subnetId,
          privateIpAddresses: Array.from({ length: USABLE - count }, (_, index) => BASE + 4 + index),
        }),
      ),
      observedAt,
    ),
  });
}

/** Judges each morning from all that was seen until then; returns by day, from the start on, the worst that was said. */
async function judgeMornings(hours: readonly Hour[]): Promise<readonly (readonly string[])[]> {
  const stores = memoryVpcStores();
  const ports = { ...stores, policy: OPEN_POLICY, accounts: async () => new Map() };
  const said: string[][] = [];
  for (const [index, hour] of hours.entries()) {
    if (hour.observedAt >= START.toISOString() && index % 24 === 8) {
      const slot = { kind: 'scan', at: hour.observedAt } as const;
      await stores.facts.putFacts(VPC, { slot, facts: factsOf(hour) });
      await judgeVpc({ vpc: VPC, viewerAccountId: ACCOUNT_ID, slot }, ports);
      const subnets = (await stores.states.readState(VPC))?.state.subnets ?? [];
      said.push(
        subnets
          .filter(({ status }) => status.reasons.some(({ code }) => code === 'exhaustion-likely'))
          .map(({ status }) => status.status),
      );
    } else {
      await stores.series.addSample(VPC, sampleOf(hour));
    }
  }
  return said;
}

describe('the growing scenario of npm start', () => {
  it('is warned of days before its subnets are exhausted, and more urgently as that comes near', {
    timeout: 60_000,
  }, async () => {
    const hours = watchGrowing(EXHAUSTED_ON_DAY + 1);
    const exhausted = hours.findIndex(({ free }) => [...free.values()].includes(0));
    expect(Math.floor(exhausted / 24) - PAST_DAYS).toBe(EXHAUSTED_ON_DAY);
    const said = await judgeMornings(hours);
    const firstWarning = said.findIndex((statuses) => statuses.length > 0);
    const firstCritical = said.findIndex((statuses) => statuses.includes('critical'));
    expect(firstWarning).toBeGreaterThanOrEqual(0);
    expect(firstWarning).toBeLessThanOrEqual(EXHAUSTED_ON_DAY - 3);
    expect(firstCritical).toBeGreaterThanOrEqual(firstWarning);
    expect(firstCritical).toBeLessThan(EXHAUSTED_ON_DAY);
  });
});
