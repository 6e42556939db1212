import { DescribeRegionsCommand, type EC2Client, type Region } from '@aws-sdk/client-ec2';
import type { AccountEntrance, AccountObserver, RegionListing } from '../audit/ports.ts';
import { assumedRoleCredentials, newRoleSession, type RoleSession, roleArn } from '../aws/assume-role.ts';
import type { AwsClients, ClientScope, Credentials } from '../aws/clients.ts';
import type { Clock } from '../aws/clock.ts';
import type { Fact } from '../domain/fact.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { HomeOptions } from './account-directory.ts';
import { accepted, type Collection, collectFact } from './collection.ts';
import { DISCOVERY_TABLE, FACT_TABLE } from './fact-table.ts';
import { observeRegion } from './observe-region.ts';
import { absentFields } from './parsing.ts';
import { collectReservations, collectSubnetCounters, collectSubnetsOf } from './subnets.ts';

export interface RoleOptions {
  readonly roleName: string;
  readonly externalId: string | undefined;
  readonly roleSessionName: string;
  /** How long one account may take, in milliseconds; calls after that are facts not seen. */
  readonly deadlineMs: number;
  /** Whether it is taken on in the caller's own account too, whose credentials may then read nothing themselves. */
  readonly isTakenAtHome?: boolean;
}

/**
 * Returns an entrance that assumes the read-only role, once for all regions of an account while the session lasts. At home it uses
 * the caller's own credentials, unless the role is to be taken on there too.
 */
export function createAccountEntrance(home: HomeOptions, role: RoleOptions): AccountEntrance {
  const sessions = new Map<string, RoleSession>();
  return {
    async enter(caller, accountId, runSignal) {
      const signal = AbortSignal.any([runSignal, AbortSignal.timeout(role.deadlineMs)]);
      if (accountId === caller.accountId && role.isTakenAtHome !== true) {
        return ok(createAccountObserver(home, accountId, home.credentials, signal));
      }
      const sts = () =>
        home.clients.sts({
          accountId: caller.accountId,
          region: home.homeRegion,
          credentials: home.credentials,
          signal,
        });
      const session = sessions.get(accountId) ?? newRoleSession();
      sessions.set(accountId, session);
      const credentials = assumedRoleCredentials(
        sts,
        {
          roleArn: roleArn(caller.partition, accountId, role.roleName),
          roleSessionName: role.roleSessionName,
          externalId: role.externalId,
        },
        { clock: home.clock, signal, session },
      );
      const entered = await collectFact(DISCOVERY_TABLE.assumeRole.action, { clock: home.clock, signal }, credentials);
      return entered.state === 'observed'
        ? ok(createAccountObserver(home, accountId, credentials, signal))
        : err(entered.error);
    },
  };
}

function createAccountObserver(
  { clients, clock, homeRegion }: { readonly clients: AwsClients; readonly clock: Clock; readonly homeRegion: string },
  accountId: string,
  credentials: Credentials,
  signal: AbortSignal,
): AccountObserver {
  const scope = (region: string): ClientScope => ({ accountId, region, credentials, signal });
  const collection: Collection = { clock, signal };
  // One client a region: the SDK keeps with it what a throttled call taught, and reservations are asked one by one.
  const ec2Clients = new Map<string, EC2Client>();
  const ec2 = (region: string): EC2Client => {
    const client = ec2Clients.get(region) ?? clients.ec2(scope(region));
    ec2Clients.set(region, client);
    return client;
  };
  return {
    cadences: Object.values(FACT_TABLE),
    regions: () => collectRegions(ec2(homeRegion), collection),
    observeRegion: (region, ask) =>
      observeRegion({ accountId, region }, { ec2: ec2(region), eks: clients.eks(scope(region)) }, ask, collection),
    pulse: (region, vpcIds) => collectSubnetsOf(ec2(region), vpcIds, collection),
    subnetCounters: (region) => collectSubnetCounters(ec2(region), collection),
    reservations: (region, subnetId) => collectReservations(ec2(region), subnetId, collection),
  };
}

/** Reads every region there is and whether the account has it enabled. */
function collectRegions(ec2: EC2Client, collection: Collection): Promise<Fact<readonly RegionListing[]>> {
  return collectFact(DISCOVERY_TABLE.regions.action, collection, async () => {
    const answer = await ec2.send(new DescribeRegionsCommand({ AllRegions: true }), { abortSignal: collection.signal });
    // EC2 leaves an empty list out, so here absent does mean none.
    return (answer.Regions ?? []).map((raw) => accepted(parseRegion(raw)));
  });
}

/** A region without a word on opting in is one that needs none. */
export function parseRegion(raw: Region): Result<RegionListing> {
  if (raw.RegionName === undefined) {
    return absentFields('region', undefined, { RegionName: raw.RegionName });
  }
  return ok({ regionName: raw.RegionName, isEnabled: raw.OptInStatus !== 'not-opted-in' });
}
