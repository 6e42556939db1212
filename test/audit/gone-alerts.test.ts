import { describe, expect, it } from 'vitest';
import { judgeVpc } from '../../lib/audit/judge-vpc.ts';
import { OPEN_POLICY, type Policy } from '../../lib/audit/policy.ts';
import { raiseAlerts } from '../../lib/audit/raise-alerts.ts';
import type { Alert } from '../../lib/domain/alert/alert.ts';
import { isClosed } from '../../lib/domain/alert/compare-alerts.ts';
import { THRESHOLDS_DEFAULT } from '../../lib/domain/capacity/subnet-status.ts';
import { createMemoryAlertStore } from '../../lib/local/service/memory-alert-store.ts';
import { memoryVpcStores } from '../helpers/memory-vpc-stores.ts';
import { COMPANY, type SmallCompany, START, smallCompany } from './small-company.ts';

const MS_PER_HOUR = 3_600_000;

/** By it every subnet with an address in use is short of room. */
const GREEDY: Policy = {
  ...OPEN_POLICY,
  settingsHash: 'greedy',
  thresholdsOf: () => ({ ...THRESHOLDS_DEFAULT, freeRatioWarning: 1 }),
};

/** A company that is scanned, and its alerts by the policy above. */
function watched() {
  const company = smallCompany();
  const alerts = createMemoryAlertStore();
  const { states, forecasts } = memoryVpcStores();
  const raise = (state: Parameters<typeof raiseAlerts>[0]) =>
    raiseAlerts(state, {
      alerts,
      series: company.series,
      subscribers: ['slack'],
      hint: () => Promise.resolve(),
      accountName: async () => undefined,
    });
  return {
    company,
    alerts,
    /** Scans, and judges all that was ever seen. */
    async scan(hour: number) {
      const atMs = START + hour * MS_PER_HOUR;
      company.moveTo(atMs);
      await company.run('scan');
      const slot = { kind: 'scan', at: new Date(atMs).toISOString() } as const;
      for (const { vpc } of await company.states.judgedVpcs()) {
        const ports = {
          ...company,
          states,
          forecasts,
          policy: GREEDY,
          accounts: async () => new Map(),
          raiseAlerts: raise,
        };
        await judgeVpc({ vpc, viewerAccountId: vpc.ownerId, slot }, ports);
      }
    },
  };
}

type Watched = ReturnType<typeof watched>;

function regionOf(company: SmallCompany, accountId: string, name: string) {
  const found = company.account(accountId).regions.get(name);
  if (found === undefined) {
    throw new Error(`The account has no region ${name}`);
  }
  return found;
}

function inRegion(accountId: string, region: string) {
  return ({ where }: Alert) => where.accountId === accountId && where.region === region;
}

/** Expects that there were alerts of some kind, that all of them ended as removed, and that others go on. */
async function expectRemoved({ alerts }: Watched, isOf: (alert: Alert) => boolean): Promise<void> {
  const all = await alerts.listAlerts();
  const gone = all.filter(isOf);
  expect(gone.length).toBeGreaterThan(0);
  expect([...new Set(gone.map(({ state }) => state))]).toEqual(['removed']);
  for (const { alertId } of gone) {
    expect((await alerts.transitions(alertId)).map(({ type }) => type).at(-1)).toBe('removed');
  }
  const others = all.filter((alert) => !isOf(alert));
  expect(others.length).toBeGreaterThan(0);
  expect(others.filter(isClosed)).toEqual([]);
}

const ofShopEurope = inRegion(COMPANY.shop, 'eu-west-1');

describe('alerts of what is gone', () => {
  it('end as removed with the last cluster of a VPC', async () => {
    const world = watched();
    await world.scan(0);
    regionOf(world.company, COMPANY.shop, 'eu-west-1').eks.clear();
    await world.scan(1);
    await expectRemoved(world, ofShopEurope);
  });

  it('end as removed with a VPC', async () => {
    const world = watched();
    await world.scan(0);
    const region = regionOf(world.company, COMPANY.shop, 'eu-west-1');
    const { vpcs, subnets, networkInterfaces, routeTables, vpcEndpoints, flowLogs } = region;
    for (const list of [vpcs, subnets, networkInterfaces, routeTables, vpcEndpoints, flowLogs]) {
      list.splice(0);
    }
    for (let hour = 1; hour <= 2; hour += 1) {
      await world.scan(hour);
    }
    await expectRemoved(world, ofShopEurope);
  });

  it('end as removed with a region that is opted out of', async () => {
    const world = watched();
    await world.scan(0);
    const { regions } = world.company.account(COMPANY.shop);
    const region = regionOf(world.company, COMPANY.shop, 'eu-west-1');
    regions.set('eu-west-1', { ...region, optInStatus: 'not-opted-in' });
    // Regions are asked for once a day.
    for (const hour of [12, 24, 25]) {
      await world.scan(hour);
    }
    await expectRemoved(world, ofShopEurope);
  });

  it('stay where the account lets nobody in any more', async () => {
    const world = watched();
    await world.scan(0);
    const before = (await world.alerts.listAlerts()).filter(inRegion(COMPANY.shop, 'us-east-1'));
    world.company.account(COMPANY.shop).roles.clear();
    await world.scan(1);
    const after = (await world.alerts.listAlerts()).filter(inRegion(COMPANY.shop, 'us-east-1'));
    expect(before.length).toBeGreaterThan(0);
    expect(after.map(({ alertId, state }) => [alertId, state])).toEqual(before.map(({ alertId }) => [alertId, 'open']));
  });
});
