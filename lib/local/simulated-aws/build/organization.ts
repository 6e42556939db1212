import type { AvailabilityZone } from '@aws-sdk/client-ec2';
import type { AccountState, AccountStatus } from '@aws-sdk/client-organizations';
import type { SimulatedAccount, SimulatedAws, SimulatedRegion } from '../state.ts';

/** Returns a simulated AWS without accounts. */
export function createSimulatedAws(options: {
  readonly partition: string;
  readonly organizationId: string;
  readonly managementAccountId: string;
  readonly now: () => Date;
}): SimulatedAws {
  return {
    ...options,
    delegatedAdministratorIds: new Set(),
    accounts: new Map(),
    requestCount: 0,
    faults: undefined,
    limits: undefined,
    onRequest: undefined,
    emptyPages: false,
  };
}

/** Adds an account without regions or roles; active unless told otherwise. */
export function addAccount(
  aws: SimulatedAws,
  options: {
    readonly id: string;
    readonly name: string;
    readonly state?: AccountState | undefined;
    readonly status?: AccountStatus | undefined;
  },
): SimulatedAccount {
  const { id, name } = options;
  const account: SimulatedAccount = {
    id,
    name,
    email: `aws+${id}@example.com`,
    arn: `arn:${aws.partition}:organizations::${aws.managementAccountId}:account/${aws.organizationId}/${id}`,
    state: 'state' in options ? options.state : 'ACTIVE',
    status: 'status' in options ? options.status : 'ACTIVE',
    roles: new Map(),
    deniedActions: new Set(),
    managedResourceVisibility: 'hidden',
    regions: new Map(),
  };
  aws.accounts.set(id, account);
  return account;
}

/**
 * Adds an empty region with three zones.
 * `zoneShift` says how far this account's zone names are shifted against the zone ids: `a` is `az1` at 0, `az2` at 1, ….
 */
export function addRegion(
  account: SimulatedAccount,
  regionName: string,
  {
    optInStatus = 'opt-in-not-required',
    zoneShift = 0,
  }: { readonly optInStatus?: SimulatedRegion['optInStatus']; readonly zoneShift?: number } = {},
): SimulatedRegion {
  const region: SimulatedRegion = {
    optInStatus,
    availabilityZones: availabilityZones(regionName, zoneShift),
    vpcs: [],
    vpcAttributes: new Map(),
    subnets: [],
    sharedSubnets: [],
    subnetCidrReservations: [],
    networkInterfaces: [],
    instances: [],
    instanceTypes: [],
    routeTables: [],
    vpcEndpoints: [],
    flowLogs: [],
    eks: new Map(),
  };
  account.regions.set(regionName, region);
  return region;
}

const ZONE_LETTERS = ['a', 'b', 'c'];

function availabilityZones(regionName: string, zoneShift: number): AvailabilityZone[] {
  return ZONE_LETTERS.map((letter, index) => ({
    State: 'available',
    OptInStatus: 'opt-in-not-required',
    Messages: [],
    RegionName: regionName,
    ZoneName: `${regionName}${letter}`,
    ZoneId: `${zoneIdPrefix(regionName)}-az${((index + zoneShift) % ZONE_LETTERS.length) + 1}`,
    GroupName: regionName,
    NetworkBorderGroup: regionName,
    ZoneType: 'availability-zone',
  }));
}

/** `us-east-1` → `use1`, `ap-southeast-2` → `apse2`, `us-gov-west-1` → `usgw1`. */
function zoneIdPrefix(regionName: string): string {
  const [area = '', ...rest] = regionName.split('-');
  return (
    area +
    rest.map((part) => part.replace(/^(north|south)(east|west)$/, '$1 $2').replace(/([a-z])[a-z]*\s?/g, '$1')).join('')
  );
}
