import type { NotSeen } from '../../lib/audit/coverage.ts';
import type { Slot } from '../../lib/audit/slot.ts';
import type { Directory, RunPlan, TargetMemory, TargetOutcome } from '../../lib/audit/store-ports.ts';
import type { VpcId } from '../../lib/domain/capacity/vpc-state.ts';

/** What the stores of the ledger keep, with every field that can be there. */

export const EIGHT: Slot = { kind: 'scan', at: '2026-11-23T08:00:00.000Z' };
export const NINE: Slot = { kind: 'scan', at: '2026-11-23T09:00:00.000Z' };

/** Text that tries to be a key of something else. */
export const HOSTILE_TEXT = 'a#b%=/\n\u{1F600}\uD83D__proto__';

export const ACCOUNT = {
  accountId: '111122223333',
  name: HOSTILE_TEXT,
  state: 'ACTIVE',
  organizationalUnitPaths: ['o-1/r-1/ou-1'],
};

export const NOT_SEEN: NotSeen = {
  scope: 'clusters',
  accountId: '111122223333',
  region: undefined,
  resourceIds: ['prod'],
  error: {
    action: 'eks:DescribeCluster',
    code: 'access-denied',
    message: HOSTILE_TEXT,
    awsErrorName: 'AccessDeniedException',
  },
  isRequired: true,
};

export function aPlan(overrides: Partial<RunPlan> = {}): RunPlan {
  return {
    slot: EIGHT,
    plannedAt: '2026-11-23T08:00:01.000Z',
    caller: { accountId: '999900001111', partition: 'aws' },
    accounts: [
      {
        ...ACCOUNT,
        outcome: 'planned',
        notScannedReason: undefined,
        regionsNotEnabled: ['af-south-1'],
        regionsLeftOut: ['us-east-1'],
      },
      {
        accountId: '222233334444',
        name: undefined,
        state: undefined,
        organizationalUnitPaths: undefined,
        outcome: 'not-scanned',
        notScannedReason: 'the account is suspended',
        regionsNotEnabled: [],
        regionsLeftOut: [],
      },
    ],
    targets: [{ accountId: '111122223333', region: 'eu-west-1' }],
    pulsedVpcs: [{ target: { accountId: '111122223333', region: 'eu-west-1' }, vpcId: 'vpc-1' }],
    notSeen: [NOT_SEEN],
    ...overrides,
  };
}

export function anOutcome(overrides: Partial<TargetOutcome> = {}): TargetOutcome {
  return {
    target: { accountId: '111122223333', region: 'eu-west-1' },
    state: 'finished',
    endedAt: '2026-11-23T08:05:00.000Z',
    vpcCount: 2,
    clusterCount: 1,
    notSeen: [],
    ...overrides,
  };
}

export const DIRECTORY: Directory = {
  caller: { accountId: '999900001111', partition: 'aws' },
  accounts: [ACCOUNT, { ...ACCOUNT, accountId: '222233334444', organizationalUnitPaths: undefined }],
  accountsObservedAt: '2026-11-23T07:00:00.000Z',
  regions: new Map([
    [
      '111122223333',
      {
        regions: [
          { regionName: 'eu-west-1', isEnabled: true },
          { regionName: 'af-south-1', isEnabled: false },
        ],
        observedAt: '2026-11-23T07:00:00.000Z',
      },
    ],
  ]),
  targets: [{ accountId: '111122223333', region: 'eu-west-1' }],
};

export const OWN_VPC: VpcId = { ownerId: '111122223333', region: 'eu-west-1', vpcId: 'vpc-0a1b' };
export const BORROWED_VPC: VpcId = { ownerId: '222233334444', region: 'eu-west-1', vpcId: 'vpc-0c2d' };

export function aMemory(overrides: Partial<TargetMemory> = {}): TargetMemory {
  return {
    target: { accountId: '111122223333', region: 'eu-west-1' },
    scannedSlot: 'scan/2026-11-23T08:00:00.000Z',
    vpcs: [OWN_VPC],
    clusterNames: ['prod'],
    firstClusterAt: '2026-11-20T08:00:00.000Z',
    announced: [{ vpc: BORROWED_VPC, at: '2026-11-22T08:00:00.000Z' }],
    networkInterfaceCount: 500,
    outcome: anOutcome({ notSeen: [NOT_SEEN] }),
    ...overrides,
  };
}
