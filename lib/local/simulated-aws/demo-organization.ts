import { idSource } from './build/ids.ts';
import { addAccount, addRegion, createSimulatedAws } from './build/organization.ts';
import { type RegionBuilder, regionBuilder } from './build/region-builder.ts';
import { settleCounts } from './build/settle-counts.ts';
import { buildDataPlatform } from './demo/data-platform.ts';
import { buildShopEurope } from './demo/shop-europe.ts';
import { buildShopVirginia } from './demo/shop-virginia.ts';
import { buildTooling } from './demo/tooling.ts';
import type { SimulatedAccount, SimulatedAws } from './state.ts';

/** The role that the demo's accounts let themselves be scanned by, and the external id it asks for. */
export const DEMO_ROLE_NAME = 'elbowroom-scan';
export const DEMO_EXTERNAL_ID = 'demo-external-id';

/** The demo's accounts. */
export const DEMO_ACCOUNT_IDS = {
  management: '111111111111',
  shop: '222222222222',
  dataPlatform: '333333333333',
  /** Has no role to assume. */
  sandbox: '444444444444',
  /** Suspended. */
  formerAcquisition: '555555555555',
} as const;

const SEED = 20_261;
const VIRGINIA = 'us-east-1';
const IRELAND = 'eu-west-1';

/**
 * Returns the simulated organisation that local mode audits: the same one each time for the same `now`, which is when its
 * resources were made. `clock` decides when sessions expire; without it time stands still at `now`.
 */
export function demoOrganization(now: Date, clock: () => Date = () => now): SimulatedAws {
  const aws = createSimulatedAws({
    partition: 'aws',
    organizationId: 'o-demo123456',
    managementAccountId: DEMO_ACCOUNT_IDS.management,
    now: clock,
  });
  const management = scannedAccount(aws, DEMO_ACCOUNT_IDS.management, 'Management');
  const shop = scannedAccount(aws, DEMO_ACCOUNT_IDS.shop, 'Shop production');
  const dataPlatform = scannedAccount(aws, DEMO_ACCOUNT_IDS.dataPlatform, 'Data platform');
  addDemoRegions(addAccount(aws, { id: DEMO_ACCOUNT_IDS.sandbox, name: `Sandbox "R&D" <b>=cmd|'/C calc'!A0</b>` }), 0);
  addAccount(aws, {
    id: DEMO_ACCOUNT_IDS.formerAcquisition,
    name: 'Former acquisition',
    state: 'SUSPENDED',
    status: 'SUSPENDED',
  });

  addDemoRegions(management, 0);
  addDemoRegions(shop, 0);
  // Its zone names stand for other zones than the shop's.
  addDemoRegions(dataPlatform, 1);
  dataPlatform.deniedActions.add('eks:ListAddons');

  const ids = idSource(SEED);
  const builderOf = (account: SimulatedAccount, regionName: string): RegionBuilder =>
    regionBuilder(aws, account, regionName, ids, now);
  const shopVirginia = builderOf(shop, VIRGINIA);
  const sharedSubnets = buildShopVirginia(shopVirginia);
  buildShopEurope(builderOf(shop, IRELAND));
  buildDataPlatform(builderOf(dataPlatform, VIRGINIA), shopVirginia, sharedSubnets);
  buildTooling(builderOf(management, IRELAND));

  for (const region of [...aws.accounts.values()].flatMap((account) => [...account.regions.values()])) {
    settleCounts(region);
  }
  return aws;
}

function scannedAccount(aws: SimulatedAws, id: string, name: string): SimulatedAccount {
  const account = addAccount(aws, { id, name });
  account.roles.set(DEMO_ROLE_NAME, { externalId: DEMO_EXTERNAL_ID });
  return account;
}

function addDemoRegions(account: SimulatedAccount, zoneShift: number): void {
  addRegion(account, VIRGINIA, { zoneShift });
  addRegion(account, IRELAND, { zoneShift });
  addRegion(account, 'af-south-1', { zoneShift, optInStatus: 'not-opted-in' });
}
