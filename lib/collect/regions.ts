import { DescribeRegionsCommand, type EC2Client, type Region } from '@aws-sdk/client-ec2';
import type { RegionLister, RegionListing } from '../audit/ports.ts';
import type { Credentials } from '../aws/clients.ts';
import type { Fact } from '../domain/fact.ts';
import { ok, type Result } from '../domain/result.ts';
import type { HomeOptions } from './account-directory.ts';
import { accepted, type Collection, collectFact } from './collection.ts';
import { DISCOVERY_TABLE } from './fact-table.ts';
import { absentFields } from './parsing.ts';

/** Returns what lists the regions of an account, and asks it nothing else. */
export function createRegionLister(
  { clients, clock, homeRegion }: HomeOptions,
  accountId: string,
  credentials: Credentials,
  signal: AbortSignal,
): RegionLister {
  const ec2 = clients.ec2({ accountId, region: homeRegion, credentials, signal });
  return { regions: () => collectRegions(ec2, { clock, signal }) };
}

/** Reads every region there is and whether the account has it enabled. */
export function collectRegions(ec2: EC2Client, collection: Collection): Promise<Fact<readonly RegionListing[]>> {
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
