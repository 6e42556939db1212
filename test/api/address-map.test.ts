import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ViewerFacts } from '../../lib/audit/store-ports.ts';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import { aSubnet } from '../helpers/builders.ts';
import { denied, seen } from '../helpers/region-facts-builder.ts';
import { ALPHA, anApiWorld, BETA } from './api-world.ts';

const AddressMap = z.looseObject({
  blocks: z.array(z.looseObject({ cidrBlock: z.string() })),
  holders: z.array(z.looseObject({ networkInterfaceId: z.string().nullable() })),
});

async function askWith(change: (viewers: readonly ViewerFacts[]) => readonly ViewerFacts[]) {
  const { ports } = await anApiWorld();
  const facts: typeof ports.facts = { latestFacts: async (vpc) => change(await ports.facts.latestFacts(vpc)) };
  const { ask } = await anApiWorld({ ...ports, facts });
  return ask(`/v1/subnets/${ALPHA.subnetId}/addresses`);
}

function ofOwner(changes: Partial<RegionFacts>) {
  return (viewers: readonly ViewerFacts[]): ViewerFacts[] =>
    viewers.map((viewer) =>
      viewer.scan !== undefined && viewer.viewerAccountId === ALPHA.accountId
        ? { ...viewer, scan: { ...viewer.scan, facts: { ...viewer.scan.facts, ...changes } } }
        : viewer,
    );
}

describe('the addresses of a subnet', () => {
  it('are its blocks, in order, with who holds them', async () => {
    const { status, json } = await askWith((viewers) => viewers);
    const { blocks, holders } = AddressMap.parse(json);
    expect([status, blocks.length]).toEqual([200, 16]);
    expect(blocks[0]).toMatchObject({ cidrBlock: '10.0.0.0/28', state: 'aws-reserved', holders: [] });
    expect(blocks[1]).toEqual({
      cidrBlock: '10.0.0.16/28',
      state: 'fragmented',
      reservation: 'none',
      usedAddressCount: 2,
      freeAddressCount: 14,
      reservedAddressCount: 0,
      canGivePrefix: false,
      holders: [0, 1],
    });
    expect(holders).toMatchObject([
      { networkInterfaceId: 'eni-canary-alpha', kind: 'eks-control-plane', clusterName: 'canary-alpha-cluster' },
      { networkInterfaceId: 'eni-canary-beta', kind: 'eks-control-plane', clusterName: 'canary-beta-guest' },
    ]);
  });

  it.each([
    [
      'its owner is not scanned',
      (all: readonly ViewerFacts[]) => all.filter((one) => one.viewerAccountId === BETA.accountId),
    ],
    ['its owner may not list interfaces', ofOwner({ networkInterfaces: denied('ec2:DescribeNetworkInterfaces') })],
    [
      'it has none',
      ofOwner({
        subnets: seen([
          aSubnet({ subnetId: ALPHA.subnetId, vpcId: ALPHA.vpcId, ownerId: ALPHA.accountId, cidrBlock: undefined }),
        ]),
      }),
    ],
  ])('are not known where %s', async (_, change) => {
    expect(await askWith(change)).toMatchObject({ status: 409, json: { code: 'addresses-not-known' } });
  });

  it('are not there where the subnet is not', async () => {
    expect((await askWith(() => [])).status).toBe(404);
    const { ask } = await anApiWorld();
    expect((await ask('/v1/subnets/subnet-0none/addresses')).status).toBe(404);
  });
});
