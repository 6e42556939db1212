import { describe, expect, it } from 'vitest';
import { createFleet } from '../../lib/audit/fleet.ts';
import { fleetColumns } from '../../lib/audit/fleet-columns.ts';
import type { FleetSubnet, FleetVpc } from '../../lib/audit/fleet-shard.ts';
import { pulseCandidates } from '../../lib/audit/pulse-candidates.ts';
import { STATUSES } from '../../lib/domain/capacity/subnet-status.ts';

const OWNER = '444455556666';
const GUEST = '111122223333';
const OTHER = '777788889999';
const FIRST_AT = '2026-11-20T08:00:00.000Z';
const CLUSTER_ID = `${GUEST}:eu-central-1:prod`;

function subnetOf(status: FleetSubnet['status'], clusterIds: readonly string[] = [CLUSTER_ID]): FleetSubnet {
  return {
    subnetId: 'subnet-1',
    availabilityZoneId: undefined,
    team: undefined,
    status,
    observedAt: FIRST_AT,
    baseAddress: undefined,
    availableIpAddressCount: 9,
    counts: undefined,
    prefixesAreInUse: false,
    clusterIds,
    exhaustion: undefined,
  };
}

function vpcOf(vpcId: string, viewerAccountIds: readonly string[], subnets: readonly FleetSubnet[]): FleetVpc {
  return {
    vpc: { ownerId: OWNER, region: 'eu-central-1', vpcId },
    stateVersion: '1',
    firstObservedAt: FIRST_AT,
    observedAt: FIRST_AT,
    viewerAccountIds,
    subnets,
    clusters: [],
  };
}

function candidatesOf(...vpcs: readonly FleetVpc[]) {
  return pulseCandidates(createFleet(fleetColumns(vpcs), { version: '1', rolledUpAt: FIRST_AT, scan: undefined }));
}

const candidate = (accountId: string, isAtRisk: boolean, vpcId = 'vpc-1') => ({
  target: { accountId, region: 'eu-central-1' },
  vpcId,
  isAtRisk,
  firstObservedAt: FIRST_AT,
});

describe('what a pulse may look at', () => {
  it.each(STATUSES)('is at risk where a subnet is anything but healthy: %s', (status) => {
    const healthy = subnetOf('healthy');
    expect(candidatesOf(vpcOf('vpc-1', [OWNER], [healthy, subnetOf(status), healthy]))).toEqual([
      candidate(OWNER, status !== 'healthy'),
    ]);
  });

  it('is asked of the owner, who sees every subnet, where the owner is scanned', () => {
    expect(candidatesOf(vpcOf('vpc-1', [GUEST, OWNER], [subnetOf('warning')]))).toEqual([candidate(OWNER, true)]);
  });

  it('is asked of everybody who sees into the VPC where its owner is not scanned', () => {
    expect(candidatesOf(vpcOf('vpc-1', [GUEST, OTHER], [subnetOf('healthy')]))).toEqual([
      candidate(GUEST, false),
      candidate(OTHER, false),
    ]);
  });

  it('takes each VPC for itself, in every shard', () => {
    expect(
      candidatesOf(
        vpcOf('vpc-1', [OTHER], [subnetOf('critical')]),
        vpcOf('vpc-2', [GUEST], [subnetOf('healthy')]),
        vpcOf('vpc-3', [OWNER], [subnetOf('healthy'), subnetOf('exhausted')]),
      ),
    ).toEqual([candidate(OTHER, true), candidate(GUEST, false, 'vpc-2'), candidate(OWNER, true, 'vpc-3')]);
  });

  it('is no VPC without clusters', () => {
    expect(candidatesOf(vpcOf('vpc-1', [OWNER], [subnetOf('exhausted', [])]), vpcOf('vpc-2', [OWNER], []))).toEqual([]);
  });

  it('is a VPC whose clusters no subnet names', () => {
    const cluster = {
      clusterId: CLUSTER_ID,
      accountId: GUEST,
      region: 'eu-central-1',
      clusterName: 'prod',
      team: undefined,
      status: 'unknown',
      observedAt: FIRST_AT,
      version: undefined,
      bindingSubnetId: undefined,
    } as const;
    const vpc = { ...vpcOf('vpc-1', [OWNER], [subnetOf('healthy', [])]), clusters: [cluster] };
    expect(candidatesOf(vpc)).toEqual([candidate(OWNER, false)]);
  });
});
