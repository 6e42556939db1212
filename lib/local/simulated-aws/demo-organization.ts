import { addAccount, createSimulatedAws } from './build/organization.ts';
import { type LiveAws, liveAws } from './live/live-aws.ts';
import { countSubnets, createWorld, type World } from './live/world.ts';
import { buildAccountClosed } from './scenarios/account-closed.ts';
import { buildAutoMode } from './scenarios/auto-mode.ts';
import { buildBadTags } from './scenarios/bad-tags.ts';
import { buildClusterDeleted } from './scenarios/cluster-deleted.ts';
import { buildCustomNetworking } from './scenarios/custom-networking.ts';
import { buildGrowing, buildOutgrown } from './scenarios/growing.ts';
import { buildHealthy } from './scenarios/healthy.ts';
import { buildIpv6 } from './scenarios/ipv6.ts';
import { buildLeakedInterfaces } from './scenarios/leaked-interfaces.ts';
import { buildNearlyFull } from './scenarios/nearly-full.ts';
import { buildNoFlowLogs } from './scenarios/no-flow-logs.ts';
import { addCompanyRegions } from './scenarios/opted-out-region.ts';
import { buildPodSecurityGroups } from './scenarios/pod-security-groups.ts';
import { buildReservations } from './scenarios/reservations.ts';
import { buildRoleMissing } from './scenarios/role-missing.ts';
import { buildSharedVpc } from './scenarios/shared-vpc.ts';
import { buildShattered } from './scenarios/shattered.ts';
import { buildThrottled, throttledRules } from './scenarios/throttled.ts';
import { seededFaults } from './seeded-faults.ts';
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
  /** Owns the shared VPC; has no cluster. */
  network: '666666666666',
  payments: '777777777777',
  search: '888888888888',
  analytics: '999999999999',
  mobile: '121212121212',
  /** These two take part in the shared VPC. */
  logistics: '131313131313',
  loyalty: '141414141414',
  telemetry: '151515151515',
  previews: '161616161616',
  /** Closed some hours after the start. */
  popUpStores: '171717171717',
} as const;

const SEED = 20_261;
/** What the past of a world is made from when it is asked for as it stands: enough for every node to have been replaced. */
const PAST_DAYS = 10;

export interface DemoOptions {
  /** The instant that growth and the scenarios' dates are counted from; it may lie ahead. */
  readonly startAt: Date;
  /** How far before the start the world can be moved back to. */
  readonly historyDays?: number;
  readonly seed?: number;
  /** The clock that sessions expire by; without it time stands still at the start. */
  readonly clock?: () => Date;
  /** Whether EC2 refuses requests of the throttled scenario's account. */
  readonly isThrottled?: boolean;
}

/**
 * Returns the simulated organisation of the demo as it stands at `startAt`, with a clock that can be moved: an outdoor
 * retailer in two regions, each scenario in an account or a cluster of its own.
 */
export function liveDemoOrganization(options: DemoOptions): LiveAws {
  const live = liveAws(() => demoWorld(options));
  live.advanceTo(options.startAt);
  if (options.isThrottled === true) {
    const { seed = SEED } = options;
    live.aws.faults = seededFaults({ seed, rules: throttledRules(DEMO_ACCOUNT_IDS.telemetry) });
  }
  return live;
}

/** Returns the same organisation for whoever does not move it. */
export function demoOrganization(startAt: Date, clock: () => Date = () => startAt): SimulatedAws {
  return liveDemoOrganization({ startAt, clock }).aws;
}

function demoWorld({ startAt, historyDays = PAST_DAYS, seed = SEED, clock = () => startAt }: DemoOptions): World {
  const aws = createSimulatedAws({
    partition: 'aws',
    organizationId: 'o-demo123456',
    managementAccountId: DEMO_ACCOUNT_IDS.management,
    now: clock,
  });
  const world = createWorld(aws, { seed, startAt, historyDays });
  const ids = DEMO_ACCOUNT_IDS;
  buildBadTags(world, memberAccount(aws, ids.management, 'Management'));
  const shop = memberAccount(aws, ids.shop, 'Shop production');
  buildHealthy(world, shop);
  buildNearlyFull(world, shop);
  const dataPlatform = memberAccount(aws, ids.dataPlatform, 'Data platform', 1);
  dataPlatform.deniedActions.add('eks:ListAddons');
  buildLeakedInterfaces(world, dataPlatform);
  buildNoFlowLogs(world, dataPlatform);
  buildRoleMissing(world, memberAccount(aws, ids.sandbox, `Sandbox "R&D" <b>=cmd|'/C calc'!A0</b>`));
  const suspended = { state: 'SUSPENDED', status: 'SUSPENDED' } as const;
  addAccount(aws, { id: ids.formerAcquisition, name: 'Former acquisition', ...suspended });
  const owner = memberAccount(aws, ids.network, 'Network');
  const payments = memberAccount(aws, ids.payments, 'Payments');
  buildGrowing(world, payments);
  buildPodSecurityGroups(world, payments);
  const search = memberAccount(aws, ids.search, 'Search');
  buildReservations(world, search);
  buildShattered(world, search);
  buildCustomNetworking(world, memberAccount(aws, ids.analytics, 'Analytics'));
  const mobile = memberAccount(aws, ids.mobile, 'Mobile backend');
  buildAutoMode(world, mobile);
  buildIpv6(world, mobile);
  // Their names of zones stand for other zones than the owner's.
  const logistics = memberAccount(aws, ids.logistics, 'Logistics', 1);
  const loyalty = memberAccount(aws, ids.loyalty, 'Loyalty', 2);
  buildSharedVpc(world, { owner, participants: [logistics, loyalty] });
  buildOutgrown(world, logistics);
  buildThrottled(world, memberAccount(aws, ids.telemetry, 'Telemetry'));
  buildClusterDeleted(world, memberAccount(aws, ids.previews, 'Previews'));
  buildAccountClosed(world, memberAccount(aws, ids.popUpStores, 'Pop-up stores'));
  countSubnets(world);
  return world;
}

function memberAccount(aws: SimulatedAws, id: string, name: string, zoneShift = 0): SimulatedAccount {
  const account = addAccount(aws, { id, name });
  account.roles.set(DEMO_ROLE_NAME, { externalId: DEMO_EXTERNAL_ID });
  addCompanyRegions(account, zoneShift);
  return account;
}
