import { describe, expect, it } from 'vitest';
import { FACT_TABLE, type FactRow } from '../../lib/collect/fact-table.ts';
import type { SimulatedRegion } from '../../lib/local/simulated-aws/state.ts';
import { benchPipeline } from './pipeline.bench.ts';
import { BENCH_REGION_SHAPE, BENCH_REGIONS, benchOrganization } from './pipeline-organization.ts';

const START_MS = Date.parse('2026-11-23T01:00:00.000Z');
const MS_PER_HOUR = 3_600_000;
/** Each interface but the first of a node is replaced once in so many. */
const HOURS = 50;
const SMOKE_RUN_MS = 120_000;

function regionsOf(accountCount: number, now: () => Date): SimulatedRegion[] {
  return [...benchOrganization(accountCount, now).accounts.values()].flatMap(({ regions }) => [...regions.values()]);
}

function interfaceIds({ networkInterfaces }: SimulatedRegion): string[] {
  return networkInterfaces.map(({ NetworkInterfaceId: id }) => id ?? '');
}

describe('the organisation of the pipeline bench', () => {
  it('holds in each region what its shape says, under ids that no other region has', () => {
    const regions = regionsOf(2, () => new Date(START_MS));
    for (const region of regions) {
      expect({
        vpcs: region.vpcs.length,
        subnets: region.subnets.length,
        networkInterfaces: region.networkInterfaces.length,
        instances: region.instances.length,
        clusters: region.eks.size,
      }).toEqual({ vpcs: 2, subnets: 25, networkInterfaces: 500, instances: 40, clusters: 2 });
    }
    expect(new Set(regions.flatMap(interfaceIds)).size).toBe(regions.length * 500);
    const addresses = regions.flatMap(({ networkInterfaces }) =>
      networkInterfaces.flatMap(({ PrivateIpAddresses: own }) => own ?? []),
    );
    expect(addresses.length / (regions.length * 500)).toBeCloseTo(10, 0);
  });

  it('is the same at the same hour, and has 2 % of its interfaces replaced in the next', () => {
    let nowMs = START_MS;
    const [region] = regionsOf(1, () => new Date(nowMs));
    const [again] = regionsOf(1, () => new Date(nowMs));
    if (region === undefined || again === undefined) {
      throw new Error('Cannot test an organisation without regions');
    }
    expect(again.networkInterfaces).toEqual(region.networkInterfaces);
    let before = new Set(interfaceIds(region));
    let replacedCount = 0;
    for (let hour = 1; hour <= HOURS; hour += 1) {
      nowMs = START_MS + hour * MS_PER_HOUR;
      const ids = interfaceIds(region);
      replacedCount += ids.filter((id) => !before.has(id)).length;
      before = new Set(ids);
    }
    expect(replacedCount / (HOURS * 500)).toBeCloseTo(0.02, 2);
  });
});

describe('the pipeline bench', () => {
  it(
    'measures an account on its way through every stage',
    async () => {
      const measured = await benchPipeline({ accounts: 1, hours: 1, day: { accounts: 1, hours: 2 } });
      expect(measured.complaints).toEqual([]);
      expect(measured.size).toMatchObject({ targets: BENCH_REGIONS.length, subnets: 100, clusters: 8 });
      const rows: readonly FactRow[] = Object.values(FACT_TABLE);
      expect(measured.first.awsRequestsPerTarget).toMatchObject(
        Object.fromEntries(rows.map(({ action, requests }) => [action, requests(BENCH_REGION_SHAPE)])),
      );
      expect(Object.keys(measured.hour.stages)).toEqual(['plan', 'scan', 'judge', 'rollUp']);
      expect(measured.hour.awsRequestsPerTarget['ec2:DescribeNetworkInterfaces']).toBe(1);
      expect(measured.pulseWhileLearning.targetCount).toBe(BENCH_REGIONS.length);
      // Of each VPC its facts, its state and a sample.
      expect(measured.day.writeUnits.total.measured).toBeGreaterThan(6);
    },
    SMOKE_RUN_MS,
  );
});
