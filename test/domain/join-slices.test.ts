import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { observed } from '../../lib/domain/fact.ts';
import { joinSlices } from '../../lib/domain/join-slices.ts';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import { sliceByVpc } from '../../lib/domain/slice-by-vpc.ts';
import { arbitraryRegionFacts, OWNER_ID, PARTICIPANT_ID } from '../helpers/arbitrary-region-facts.ts';
import { aFlowLog, aSubnet, NOW } from '../helpers/builders.ts';
import { denied, seen, someRegionFacts } from '../helpers/region-facts-builder.ts';

const EARLIER = '2026-11-23T07:00:00.000Z';

/** Ids are unique in what AWS lists. */
function withUniqueFlowLogs(facts: RegionFacts): RegionFacts {
  if (facts.flowLogs.state === 'unavailable') {
    return facts;
  }
  const byId = new Map(facts.flowLogs.value.map((flowLog) => [flowLog.flowLogId, flowLog]));
  return { ...facts, flowLogs: { ...facts.flowLogs, value: [...byId.values()] } };
}

const anyFacts = fc.oneof(arbitraryRegionFacts(OWNER_ID), arbitraryRegionFacts(PARTICIPANT_ID)).map(withUniqueFlowLogs);

describe('joined slices', () => {
  it('are cut into the same slices again, in whatever order they came', () => {
    let sliceCount = 0;
    fc.assert(
      fc.property(
        anyFacts.chain((facts) => {
          const { byVpcId } = sliceByVpc(facts);
          const slices = [...byVpcId.values()];
          return fc.shuffledSubarray(slices, { minLength: slices.length }).map((shuffled) => ({ byVpcId, shuffled }));
        }),
        ({ byVpcId, shuffled }) => {
          const joined = joinSlices(shuffled);
          sliceCount += shuffled.length;
          expect(joined === undefined ? new Map() : sliceByVpc(joined).byVpcId).toEqual(byVpcId);
        },
      ),
      { numRuns: 500 },
    );
    expect(sliceCount).toBeGreaterThan(0);
  });

  it('hold everything once that any has, and each in its order', () => {
    const order = Array.from({ length: 8 }, (_, index) => aFlowLog({ flowLogId: `fl-${index}` }));
    const lists = fc
      .shuffledSubarray(order)
      .chain((whole) => fc.array(fc.subarray(whole), { minLength: 1, maxLength: 4 }));
    // Lists of which no two say how the third is ordered: a merge two by two cannot know.
    const [x, y] = [aFlowLog({ flowLogId: 'fl-x' }), aFlowLog({ flowLogId: 'fl-y' })];
    fc.assert(
      fc.property(lists, (parts) => {
        const flowLogs = joinSlices(parts.map((part) => someRegionFacts({ flowLogs: seen(part) })))?.flowLogs;
        const joined = flowLogs?.state === 'observed' ? flowLogs.value : [];
        expect(new Set(joined)).toEqual(new Set(parts.flat()));
        expect(joined).toHaveLength(new Set(parts.flat()).size);
        for (const part of parts) {
          expect(joined.filter((each) => part.includes(each))).toEqual(part);
        }
      }),
      { numRuns: 500, examples: [[[[x], [y], [y, x]]]] },
    );
  });

  it('hold everything once even where they disagree about the order', () => {
    const [one, other] = [aFlowLog({ flowLogId: 'fl-1' }), aFlowLog({ flowLogId: 'fl-2' })];
    const slices = [seen([one, other]), seen([other, one])].map((flowLogs) => someRegionFacts({ flowLogs }));
    const flowLogs = joinSlices(slices)?.flowLogs;
    expect(flowLogs?.state === 'observed' && new Set(flowLogs.value)).toEqual(new Set([one, other]));
    expect(flowLogs?.state === 'observed' && flowLogs.value).toHaveLength(2);
  });

  it('hold what several have as the first of them has it', () => {
    const [one, other] = ['ACTIVE', 'INACTIVE'].map((flowLogStatus) => aFlowLog({ flowLogStatus }));
    const slices = [one, other].map((flowLog) => someRegionFacts({ flowLogs: seen(flowLog ? [flowLog] : []) }));
    expect(joinSlices(slices)?.flowLogs).toEqual(seen([one]));
  });

  it('are nothing where there are none', () => {
    expect(joinSlices([])).toBeUndefined();
  });
});

describe('slices of different scans', () => {
  const [here, there] = [aSubnet(), aSubnet({ subnetId: 'subnet-0b', vpcId: 'vpc-0b' })];
  const counters = observed(new Map([['subnet-0b', 7]]), NOW);

  it.each([
    [
      'first',
      [
        someRegionFacts({ startedAt: EARLIER, subnets: observed([here], EARLIER) }),
        someRegionFacts({ subnets: seen([there]) }),
      ],
    ],
    [
      'last',
      [
        someRegionFacts({ subnets: seen([here]) }),
        someRegionFacts({ startedAt: EARLIER, subnets: observed([there], EARLIER) }),
      ],
    ],
  ])('are as old as the oldest, be it the %s', (_, slices) => {
    const joined = joinSlices(slices);
    expect(joined?.subnets).toEqual(observed([here, there], EARLIER));
    expect(joined?.startedAt).toBe(EARLIER);
  });

  it('are observed as far as one of them is', () => {
    const [blind, sighted] = [someRegionFacts({ subnets: denied('ec2:DescribeSubnets') }), someRegionFacts()];
    expect(joinSlices([blind, sighted])?.subnets).toEqual(sighted.subnets);
    expect(joinSlices([sighted, blind])?.subnets).toEqual(sighted.subnets);
    expect(joinSlices([blind, blind])?.subnets).toEqual(blind.subnets);
  });

  it('have the counters of those that were read again', () => {
    const [settled, unsettled] = [someRegionFacts(), someRegionFacts({ subnetCounters: counters })];
    expect(joinSlices([settled, unsettled])?.subnetCounters).toEqual(counters);
    expect(joinSlices([settled, settled])?.subnetCounters).toBeUndefined();
  });

  it('say of the account what the newest says', () => {
    const [old, recent] = [
      someRegionFacts({ managedResourceVisibility: observed('visible', EARLIER) }),
      someRegionFacts({ managedResourceVisibility: observed('hidden', NOW) }),
    ];
    expect(joinSlices([old, recent])?.managedResourceVisibility).toEqual(observed('hidden', NOW));
    expect(joinSlices([recent, old])?.managedResourceVisibility).toEqual(observed('hidden', NOW));
  });
});
