import { addInstanceTypes } from '../build/instance-types.ts';
import { addRegion } from '../build/organization.ts';
import type { SimulatedAccount } from '../state.ts';

/**
 * The company's regions. Nobody has opted in to Cape Town, so that nothing there can be asked.
 * `zoneShift` says how far the account's names of zones are shifted against the zones' ids.
 */
export function addCompanyRegions(account: SimulatedAccount, zoneShift: number): void {
  for (const name of ['us-east-1', 'eu-west-1']) {
    addInstanceTypes(addRegion(account, name, { zoneShift }));
  }
  addRegion(account, 'af-south-1', { zoneShift, optInStatus: 'not-opted-in' });
}
