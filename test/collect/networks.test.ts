import type { Vpc } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { parseAvailabilityZone, parseVpc } from '../../lib/collect/networks.ts';
import { describeParseContract } from './parse-contract.ts';

const VPC = {
  VpcId: 'vpc-1',
  OwnerId: '111122223333',
  CidrBlock: '10.0.0.0/16',
  CidrBlockAssociationSet: [
    { AssociationId: 'a-1', CidrBlock: '10.0.0.0/16', CidrBlockState: { State: 'associated' } },
    { AssociationId: 'a-2', CidrBlock: '100.64.0.0/16', CidrBlockState: { State: 'associated' } },
  ],
  IsDefault: true,
  Tags: [{ Key: 'Name', Value: 'main' }],
} satisfies Vpc;

describeParseContract('a VPC', {
  parse: parseVpc,
  resource: 'VPC "vpc-1"',
  idField: 'VpcId',
  full: VPC,
  readDifferently: ['AssociationId', 'State'],
});

describeParseContract('an availability zone', {
  parse: parseAvailabilityZone,
  resource: 'availability zone "us-east-1a"',
  idField: 'ZoneName',
  required: ['ZoneId'],
  full: {
    ZoneName: 'us-east-1a',
    ZoneId: 'use1-az1',
    ZoneType: 'availability-zone',
    State: 'available',
    OptInStatus: 'opt-in-not-required',
  },
});

describe('the CIDR blocks of a VPC', () => {
  it('are all associated ones', () => {
    expect(parseVpc(VPC)).toMatchObject({ value: { cidrBlocks: ['10.0.0.0/16', '100.64.0.0/16'] } });
  });

  it.each(['associating', 'disassociating', 'disassociated', 'failing', 'failed'] as const)(
    'leave out one that is %s',
    (State) => {
      const [first] = VPC.CidrBlockAssociationSet;
      const other = { AssociationId: 'a-2', CidrBlock: '100.64.0.0/16', CidrBlockState: { State } };
      expect(parseVpc({ ...VPC, CidrBlockAssociationSet: [first ?? {}, other] })).toMatchObject({
        value: { cidrBlocks: ['10.0.0.0/16'] },
      });
    },
  );

  it('are the one block of an answer from before there were several', () => {
    const { CidrBlockAssociationSet: _, ...old } = VPC;
    expect(parseVpc(old)).toMatchObject({ value: { cidrBlocks: ['10.0.0.0/16'] } });
  });
});
