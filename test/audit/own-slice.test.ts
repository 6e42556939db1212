import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carryOver } from '../../lib/audit/carry-over.ts';
import { ownSlice } from '../../lib/audit/own-slice.ts';
import { observed, unavailable } from '../../lib/domain/fact.ts';
import { joinSlices } from '../../lib/domain/join-slices.ts';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import { sliceByVpc } from '../../lib/domain/slice-by-vpc.ts';
import { arbitraryRegionFacts, OWNER_ID } from '../helpers/arbitrary-region-facts.ts';
import { aNetworkInterface, aSubnet, NOW, VPC_ID } from '../helpers/builders.ts';
import { denied, seen, someRegionFacts } from '../helpers/region-facts-builder.ts';

const EARLIER = '2026-11-23T07:00:00.000Z';
const OTHER_VPC_ID = 'vpc-0b';
const NOT_DUE = unavailable({ action: 'ec2:Describe', code: 'not-due', message: '', awsErrorName: undefined });
const INTERFACE = aNetworkInterface();
const BOTH = seen([aSubnet(), aSubnet({ subnetId: 'subnet-0b', vpcId: OTHER_VPC_ID })]);

/** What is known of each VPC after an observation, one after the other as a scan does it. */
function ownSlices(known: ReadonlyMap<string, RegionFacts>, fresh: RegionFacts): ReadonlyMap<string, RegionFacts> {
  const { byVpcId } = sliceByVpc(carryOver(joinSlices([...known.values()]), fresh));
  return new Map([...byVpcId].map(([vpcId, slice]) => [vpcId, ownSlice(slice, known.get(vpcId), fresh)]));
}

describe('what is known of a VPC', () => {
  const known = new Map([
    [VPC_ID, someRegionFacts({ networkInterfaces: observed([INTERFACE], EARLIER), vpcs: seen([]) })],
  ]);

  it('is not that it holds nothing, where only other VPCs were ever observed', () => {
    const refused = denied('ec2:DescribeNetworkInterfaces');
    const slices = ownSlices(known, someRegionFacts({ subnets: BOTH, networkInterfaces: refused, vpcs: NOT_DUE }));
    expect(slices.get(VPC_ID)?.networkInterfaces).toEqual(observed([INTERFACE], EARLIER));
    expect(slices.get(OTHER_VPC_ID)?.networkInterfaces).toEqual(refused);
    expect(slices.get(OTHER_VPC_ID)?.vpcs).toEqual(NOT_DUE);
  });

  it('is why it was never observed, whatever was not due since', () => {
    const refused = denied('ec2:DescribeNetworkInterfaces');
    const both = new Map([...known, [OTHER_VPC_ID, someRegionFacts({ networkInterfaces: refused })]]);
    const slices = ownSlices(both, someRegionFacts({ subnets: BOTH, networkInterfaces: NOT_DUE }));
    expect(slices.get(OTHER_VPC_ID)?.networkInterfaces).toEqual(refused);
  });

  it('is as old as its own observation, not as that of other VPCs', () => {
    const other = someRegionFacts({ networkInterfaces: seen([aNetworkInterface({ vpcId: OTHER_VPC_ID })]) });
    const slices = ownSlices(
      new Map([...known, [OTHER_VPC_ID, other]]),
      someRegionFacts({ subnets: BOTH, networkInterfaces: NOT_DUE }),
    );
    expect(slices.get(VPC_ID)?.networkInterfaces).toMatchObject({ observedAt: EARLIER });
    expect(slices.get(OTHER_VPC_ID)?.networkInterfaces).toMatchObject({ observedAt: NOW });
  });

  it('is what was observed now where everything was, known or not', () => {
    fc.assert(
      fc.property(arbitraryRegionFacts(OWNER_ID), (facts) => {
        const { byVpcId } = sliceByVpc(facts);
        for (const [vpcId, slice] of byVpcId) {
          expect(ownSlice(slice, undefined, facts)).toEqual(slice);
          expect(ownSlice(slice, byVpcId.get(vpcId), facts)).toEqual(slice);
        }
      }),
    );
  });
});
