import { addAccount, createSimulatedAws } from '../../lib/local/simulated-aws/build/organization.ts';
import { type LiveAws, liveAws } from '../../lib/local/simulated-aws/live/live-aws.ts';
import { countSubnets, createWorld, STEP_MS, type World } from '../../lib/local/simulated-aws/live/world.ts';
import { buildGrowing } from '../../lib/local/simulated-aws/scenarios/growing.ts';
import { addCompanyRegions } from '../../lib/local/simulated-aws/scenarios/opted-out-region.ts';
import { buildSharedVpc } from '../../lib/local/simulated-aws/scenarios/shared-vpc.ts';
import type { SimulatedAccount } from '../../lib/local/simulated-aws/state.ts';
import { truthOf } from '../local/simulated-aws/live/truth.ts';

/** A company of five accounts in one region: a VPC shared by two, a growing one, and things that end while it is watched. */

export const FAULT_COMPANY = {
  management: '111111111111',
  payments: '777777777777',
  network: '666666666666',
  logistics: '131313131313',
  loyalty: '141414141414',
} as const;

export const FAULT_REGION = 'us-east-1';
export const FAULT_ROLE = 'elbowroom-scan';
export const FAULT_START_MS = Date.parse('2026-11-23T08:00:00.000Z');
const SEED = 11;
const HISTORY_DAYS = 2;
const MS_PER_HOUR = 3_600_000;
/** From then on the account of logistics is closed. */
const CLOSED_AFTER_MS = 2.5 * MS_PER_HOUR;

export function faultCompany(clock: () => Date): LiveAws {
  return liveAws(() => companyWorld(clock));
}

function companyWorld(clock: () => Date): World {
  const aws = createSimulatedAws({
    partition: 'aws',
    organizationId: 'o-faults1234',
    managementAccountId: FAULT_COMPANY.management,
    now: clock,
  });
  const world = createWorld(aws, { seed: SEED, startAt: new Date(FAULT_START_MS), historyDays: HISTORY_DAYS });
  const member = (id: string, name: string, zoneShift: number): SimulatedAccount => {
    const account = addAccount(aws, { id, name });
    account.roles.set(FAULT_ROLE, { externalId: undefined });
    addCompanyRegions(account, zoneShift);
    return account;
  };
  member(FAULT_COMPANY.management, 'Management', 0);
  buildGrowing(world, member(FAULT_COMPANY.payments, 'Payments', 0));
  const owner = member(FAULT_COMPANY.network, 'Network', 0);
  const logistics = member(FAULT_COMPANY.logistics, 'Logistics', 1);
  buildSharedVpc(world, { owner, participants: [logistics, member(FAULT_COMPANY.loyalty, 'Loyalty', 2)] });
  world.events.push({
    atMs: FAULT_START_MS + CLOSED_AFTER_MS,
    happen() {
      logistics.state = 'CLOSED';
      logistics.status = 'SUSPENDED';
    },
  });
  countSubnets(world);
  return world;
}

/** What is true of every subnet, by id. */
export type Truth = ReadonlyMap<string, { readonly free: number; readonly available: number }>;

const truths = new Map<number, Truth>();
let watched: LiveAws | undefined;

/** Returns what is true at an instant, by enumerating what the company holds then. Worked out once for each step of the world. */
export function truthAt(instant: string): Truth {
  const stepMs = Math.floor(Date.parse(instant) / STEP_MS) * STEP_MS;
  const known = truths.get(stepMs);
  if (known !== undefined) {
    return known;
  }
  watched ??= faultCompany(() => new Date(FAULT_START_MS));
  watched.advanceTo(new Date(stepMs));
  const regions = [...watched.aws.accounts.values()].flatMap((account) => [...account.regions.values()]);
  const truth: Truth = new Map(
    regions.flatMap((region) =>
      region.subnets.map((subnet) => [
        subnet.SubnetId ?? '',
        { free: truthOf(region, subnet).free, available: subnet.AvailableIpAddressCount ?? Number.NaN },
      ]),
    ),
  );
  truths.set(stepMs, truth);
  return truth;
}
