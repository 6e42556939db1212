import type { EC2Client } from '@aws-sdk/client-ec2';
import type { AccountObserver } from '../audit/ports.ts';
import type { ClientScope, Credentials } from '../aws/clients.ts';
import type { HomeOptions } from './account-directory.ts';
import type { Collection } from './collection.ts';
import { FACT_TABLE } from './fact-table.ts';
import { observeRegion } from './observe-region.ts';
import { createPulseObserver } from './pulse-observer.ts';
import { collectRegions } from './regions.ts';
import { collectReservations, collectSubnetCounters } from './subnets.ts';

/** Returns what observes an account by its credentials. */
export function createAccountObserver(
  home: HomeOptions,
  accountId: string,
  credentials: Credentials,
  signal: AbortSignal,
): AccountObserver {
  const { clients, clock, homeRegion } = home;
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
    ...createPulseObserver(home, accountId, credentials, signal),
    cadences: Object.values(FACT_TABLE),
    regions: () => collectRegions(ec2(homeRegion), collection),
    observeRegion: (region, ask) =>
      observeRegion({ accountId, region }, { ec2: ec2(region), eks: clients.eks(scope(region)) }, ask, collection),
    subnetCounters: (region) => collectSubnetCounters(ec2(region), collection),
    reservations: (region, subnetId) => collectReservations(ec2(region), subnetId, collection),
  };
}
