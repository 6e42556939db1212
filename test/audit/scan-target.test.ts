import { describe, expect, it } from 'vitest';
import { slotText } from '../../lib/audit/slot.ts';
import type { FleetTotals } from '../../lib/audit/summarize-fleet.ts';
import { UNKNOWN_VPC_ID } from '../../lib/audit/vpc-slices.ts';
import type { VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import { truthOf } from '../local/simulated-aws/live/truth.ts';
import { COMPANY, REGIONS, type SmallCompany, START, smallCompany } from './small-company.ts';

const MS_PER_HOUR = 3_600_000;
const HOURS_PER_DAY = 24;

function nameOf({ vpcName, vpc }: VpcState): string {
  return vpcName ?? vpc.vpcId;
}

async function vpcNamed(company: SmallCompany, name: string): Promise<VpcState> {
  const found = (await company.judged()).find((state) => nameOf(state) === name);
  if (found === undefined) {
    throw new Error(`No VPC is called "${name}"`);
  }
  return found;
}

/** Free addresses of every judged subnet, by id, as the service knows them. */
async function judgedFree(company: SmallCompany): Promise<Record<string, number>> {
  const subnets = (await company.judged()).flatMap((state) => state.subnets);
  return Object.fromEntries(
    subnets.flatMap(({ subnet, capacity }) =>
      capacity?.source === 'network-interfaces' ? [[subnet.subnetId, capacity.counts.freeAddressCount]] : [],
    ),
  );
}

/** The same by enumerating what the simulated AWS holds. */
function trueFree(company: SmallCompany): Record<string, number> {
  const regions = [...company.live.aws.accounts.values()].flatMap((account) => [...account.regions.values()]);
  return Object.fromEntries(
    regions.flatMap((region) => region.subnets.map((subnet) => [subnet.SubnetId ?? '', truthOf(region, subnet).free])),
  );
}

describe('a scan of the company', () => {
  it('knows every subnet as it is, hour by hour', async () => {
    const company = smallCompany();
    for (let hour = 0; hour < 8; hour += 1) {
      company.moveTo(START + hour * MS_PER_HOUR);
      await company.run('scan');
      const truth = trueFree(company);
      const judged = await judgedFree(company);
      expect(Object.keys(judged).length).toBeGreaterThan(8);
      expect(judged).toEqual(Object.fromEntries(Object.keys(judged).map((subnetId) => [subnetId, truth[subnetId]])));
    }
  });

  it('has the series that is true at each moment it was observed, pulses included', async () => {
    const company = smallCompany();
    const truths = new Map<string, Record<string, number>>();
    for (let quarter = 0; quarter < 12; quarter += 1) {
      company.moveTo(START + (quarter * MS_PER_HOUR) / 4);
      await company.run(quarter % 4 === 0 ? 'scan' : 'pulse');
      truths.set(new Date(START + (quarter * MS_PER_HOUR) / 4).toISOString(), trueFree(company));
    }
    const day = { from: '2026-11-23', to: '2026-11-23' };
    for (const { vpc } of await company.judged()) {
      const samples = await company.series.samples(vpc, day);
      // Participants that came before the owner have a sample of the same moment.
      expect(new Set(samples.map(({ observedAt }) => observedAt)).size).toBe(12);
      for (const { observedAt, points } of samples) {
        for (const [subnetId, { availableIpAddressCount, freeAddressCount }] of points) {
          expect([subnetId, observedAt, freeAddressCount ?? availableIpAddressCount]).toEqual([
            subnetId,
            observedAt,
            truths.get(observedAt)?.[subnetId],
          ]);
        }
      }
    }
  });

  it('costs two requests where there are no clusters, and says so in no VPC', async () => {
    const company = smallCompany();
    await company.run('scan');
    company.moveTo(START + MS_PER_HOUR);
    company.requests();
    await company.run('scan');
    const ofManagement = company.requests().filter((request) => request.startsWith(COMPANY.management));
    expect(ofManagement.filter((request) => request.includes('eks:')).length).toBe(REGIONS.length);
    expect(ofManagement.filter((request) => request.includes('ec2:Describe') && !request.includes('Regions'))).toEqual(
      [],
    );
    expect((await company.judged()).filter(({ vpc }) => vpc.ownerId === COMPANY.management)).toEqual([]);
  });
});

describe('a VPC shared with clusters of others', () => {
  const orders = Array.from({ length: 12 }, (_, seed) => seed);

  it.each(orders)(
    'has no subnet unknown for want of its owner after the first slot, in the order of seed %d',
    async (seed) => {
      const company = smallCompany();
      let state = seed + 1;
      await company.run('scan', (waiting) => {
        state = (Math.imul(state, 48_271) >>> 0) % 0x7fff_ffff;
        return waiting === 0 ? 0 : state % waiting;
      });
      const shared = await vpcNamed(company, 'shared');
      expect(shared.vpc.ownerId).toBe(COMPANY.network);
      expect(shared.clusters.map(({ clusterName }) => clusterName).sort()).toEqual(['logistics-prod', 'loyalty-prod']);
      expect(shared.subnets.flatMap(({ status }) => status.reasons.map(({ code }) => code))).not.toContain(
        'owner-not-seen',
      );
      expect(shared.subnets.filter(({ status }) => status.status === 'unknown')).toEqual([]);
    },
  );

  it("is unknown where its owner lets nobody in, with EC2's count, and says so in the ledger", async () => {
    const company = smallCompany({ withoutRole: [COMPANY.network] });
    await company.run('scan');
    const states = await company.judged();
    const shared = states.find(({ vpc }) => vpc.ownerId === COMPANY.network);
    expect(shared?.subnets.map(({ capacity, status }) => [capacity?.source, status.status])).toEqual([
      ['available-ip-address-count', 'unknown'],
      ['available-ip-address-count', 'unknown'],
    ]);
    const [slot] = await company.runs.listRuns({ limit: 1 });
    const run = slot === undefined ? undefined : await company.runs.readRun(slot);
    const denied = [...(run?.plan.notSeen ?? []), ...(run?.outcomes.flatMap(({ notSeen }) => notSeen) ?? [])];
    expect(denied.map(({ scope, accountId, error }) => [scope, accountId, error.code])).toContainEqual([
      'account',
      COMPANY.network,
      'access-denied',
    ]);
  });

  it('that was kept under a participant, while nothing said whose it is, is let go of there', async () => {
    const company = smallCompany();
    for (const action of ['ec2:DescribeSubnets', 'ec2:DescribeVpcs']) {
      company.account(COMPANY.logistics).deniedActions.add(action);
    }
    await company.run('scan');
    const ofLogistics = async () => (await company.judged()).filter(({ vpc }) => vpc.ownerId === COMPANY.logistics);
    expect((await ofLogistics()).flatMap(({ clusters }) => clusters.map(({ clusterName }) => clusterName))).toEqual([
      'logistics-prod',
    ]);
    company.account(COMPANY.logistics).deniedActions.clear();
    company.moveTo(START + MS_PER_HOUR);
    await company.run('scan');
    expect((await ofLogistics()).flatMap(({ clusters }) => clusters)).toEqual([]);
    const shared = await vpcNamed(company, 'shared');
    expect(shared.clusters.map(({ clusterName }) => clusterName).sort()).toEqual(['logistics-prod', 'loyalty-prod']);
  });

  it('keeps being observed hour by hour though its owner has no cluster', async () => {
    const company = smallCompany();
    await company.run('scan');
    for (const hour of [1, 2]) {
      company.moveTo(START + hour * MS_PER_HOUR);
      await company.run('scan');
    }
    const { subnets } = await vpcNamed(company, 'shared');
    expect(new Set(subnets.map(({ observedAt }) => observedAt))).toEqual(
      new Set([new Date(START + 2 * MS_PER_HOUR).toISOString()]),
    );
  });
});

describe('the role of an account', () => {
  const assumed = (company: SmallCompany) =>
    company.requests().filter((request) => request.endsWith('sts:AssumeRole')).length;

  it('is assumed once for all its regions, and again when the session nears its end', async () => {
    const company = smallCompany();
    await company.run('scan');
    // The plan and the scans of both regions share it; the caller's own account needs none.
    expect(assumed(company)).toBe(Object.keys(COMPANY).length - 1);
    company.moveTo(START + MS_PER_HOUR / 4);
    await company.run('pulse');
    expect(assumed(company)).toBe(4);
  });

  it('that is taken away lets nobody in once the session has ended', async () => {
    const company = smallCompany();
    await company.run('scan');
    company.account(COMPANY.shop).roles.clear();
    company.moveTo(START + MS_PER_HOUR);
    await company.run('scan');
    const run = await company.runs.readRun({ kind: 'scan', at: new Date(START + MS_PER_HOUR).toISOString() });
    const ofShop = run?.outcomes.filter(({ target }) => target.accountId === COMPANY.shop);
    expect(ofShop?.map(({ state }) => state)).toEqual(['failed', 'failed']);
  });
});

describe('what is removed', () => {
  let before: FleetTotals;

  /** Scans, changes something, scans an hour later; the totals of the fleet before are in `before`. */
  async function scannedTwice(change: (company: SmallCompany) => void): Promise<SmallCompany> {
    const company = smallCompany();
    await company.run('scan');
    before = await company.totals();
    change(company);
    company.moveTo(START + MS_PER_HOUR);
    await company.run('scan');
    return company;
  }

  async function left(company: SmallCompany): Promise<readonly [vpcs: number, subnets: number, clusters: number]> {
    const { vpcCount, subnetCount, clusterCount } = await company.totals();
    return [before.vpcCount - vpcCount, before.subnetCount - subnetCount, before.clusterCount - clusterCount];
  }

  function region(company: SmallCompany, accountId: string, name: string) {
    const found = company.account(accountId).regions.get(name);
    if (found === undefined) {
      throw new Error(`The account has no region ${name}`);
    }
    return found;
  }

  it('a subnet: it is gone and the others stay', async () => {
    let removed = '';
    const company = await scannedTwice((one) => {
      const { subnets, networkInterfaces } = region(one, COMPANY.shop, 'us-east-1');
      const empty = subnets.findIndex(({ SubnetId }) => !networkInterfaces.some((each) => each.SubnetId === SubnetId));
      const [subnet] = empty === -1 ? subnets.splice(0, 1) : subnets.splice(empty, 1);
      removed = subnet?.SubnetId ?? '';
    });
    const shop = await vpcNamed(company, 'shop');
    expect(shop.subnets.map(({ subnet }) => subnet.subnetId)).not.toContain(removed);
    expect(shop.subnets.length).toBeGreaterThan(1);
    expect(shop.gone.map(({ id }) => id)).toContain(removed);
    expect(await left(company)).toEqual([0, 1, 0]);
  });

  it('the last cluster of a region: its VPC leaves with it', async () => {
    const company = await scannedTwice((one) => region(one, COMPANY.shop, 'eu-west-1').eks.clear());
    const shop = await vpcNamed(company, 'shop-eu');
    expect([shop.subnets, shop.clusters]).toEqual([[], []]);
    expect(shop.gone.map(({ kind }) => kind)).toContain('cluster');
    expect(await left(company)).toEqual([1, shop.gone.length - 1, 1]);
  });

  it('one cluster of two in a region: its subnets stay, and count for the other alone', async () => {
    const company = await scannedTwice((one) => {
      const { eks } = region(one, COMPANY.logistics, 'us-east-1');
      eks.clear();
    });
    const shared = await vpcNamed(company, 'shared');
    expect(shared.clusters.map(({ clusterName }) => clusterName)).toEqual(['loyalty-prod']);
    expect(await left(company)).toEqual([0, 0, 1]);
  });

  it('a VPC whose cluster moved on: it is gone where nothing of it is listed any more', async () => {
    const company = await scannedTwice((one) => {
      const { vpcs, subnets, networkInterfaces, routeTables, vpcEndpoints, flowLogs, eks } = region(
        one,
        COMPANY.shop,
        'eu-west-1',
      );
      for (const list of [vpcs, subnets, networkInterfaces, routeTables, vpcEndpoints, flowLogs]) {
        list.splice(0);
      }
      // The region still has a cluster, which names a VPC that is not there.
      expect(eks.size).toBe(1);
    });
    // VPCs are listed once a day.
    for (let hour = 2; hour <= 26; hour += 1) {
      company.moveTo(START + hour * MS_PER_HOUR);
      await company.run('scan');
    }
    const [, subnets] = await left(company);
    expect(subnets).toBe(4);
    expect((await vpcNamed(company, 'shop-eu')).subnets).toEqual([]);
  });

  it('an account that is closed: all it saw leaves, and a VPC shared with it stays', async () => {
    const company = await scannedTwice((one) => {
      one.account(COMPANY.shop).state = 'CLOSED';
      one.account(COMPANY.logistics).state = 'CLOSED';
    });
    expect((await vpcNamed(company, 'shop')).subnets).toEqual([]);
    const shared = await vpcNamed(company, 'shared');
    expect(shared.clusters.map(({ clusterName }) => clusterName)).toEqual(['loyalty-prod']);
    expect(shared.subnets.length).toBeGreaterThan(0);
    const [vpcs, subnets, clusters] = await left(company);
    expect([vpcs, clusters]).toEqual([2, 3]);
    expect(subnets).toBe(before.subnetCount - shared.subnets.length);
  });

  it('a region that is opted out of: what was in it leaves', async () => {
    const company = smallCompany();
    await company.run('scan');
    before = await company.totals();
    const { regions } = company.account(COMPANY.shop);
    regions.set('eu-west-1', { ...region(company, COMPANY.shop, 'eu-west-1'), optInStatus: 'not-opted-in' });
    // Regions are asked for once a day.
    for (let hour = 1; hour <= 25; hour += 1) {
      company.moveTo(START + hour * MS_PER_HOUR);
      await company.run('scan');
    }
    expect((await vpcNamed(company, 'shop-eu')).subnets).toEqual([]);
    expect((await vpcNamed(company, 'shop')).subnets.length).toBeGreaterThan(0);
    expect((await left(company)).slice(0, 1)).toEqual([1]);
  });

  it('nothing where the account lets nobody in any more: its numbers stay, with their age', async () => {
    const company = await scannedTwice((one) => one.account(COMPANY.shop).roles.clear());
    const shop = await vpcNamed(company, 'shop');
    expect(shop.subnets.length).toBeGreaterThan(1);
    expect(new Set(shop.subnets.map(({ observedAt }) => observedAt))).toEqual(new Set([new Date(START).toISOString()]));
    expect(shop.gone).toEqual([]);
    expect(await left(company)).toEqual([0, 0, 0]);
  });

  it.each(['ec2:DescribeSubnets', 'ec2:DescribeNetworkInterfaces', 'eks:ListClusters', 'eks:DescribeCluster'])(
    'nothing where %s is denied',
    async (action) => {
      const company = await scannedTwice((one) => void one.account(COMPANY.shop).deniedActions.add(action));
      const shop = await vpcNamed(company, 'shop');
      expect([shop.subnets.length, shop.clusters.length, shop.gone]).toEqual([5, 1, []]);
      expect(await left(company)).toEqual([0, 0, 0]);
      const [slot] = await company.runs.listRuns({ limit: 1 });
      const run = slot === undefined ? undefined : await company.runs.readRun(slot);
      const denied = run?.outcomes.flatMap(({ target, notSeen }) =>
        target.accountId === COMPANY.shop ? notSeen.map(({ error }) => error.action) : [],
      );
      expect(action === 'eks:DescribeCluster' || denied?.includes(action)).toBe(true);
    },
  );
});

describe('a cluster that nothing places in a VPC', () => {
  it('is kept and unknown, and finds its VPC when it can be described', async () => {
    const company = smallCompany();
    const denied = [
      'eks:DescribeCluster',
      'eks:ListNodegroups',
      'eks:ListFargateProfiles',
      'ec2:DescribeNetworkInterfaces',
    ];
    for (const action of denied) {
      company.account(COMPANY.shop).deniedActions.add(action);
    }
    await company.run('scan');
    const places = async () =>
      (await company.judged()).flatMap(({ vpc, clusters }) =>
        clusters
          .filter(({ target }) => target.accountId === COMPANY.shop)
          .map(
            ({ clusterName, status }) =>
              `${clusterName} ${status} ${vpc.vpcId === UNKNOWN_VPC_ID ? 'nowhere' : 'placed'}`,
          ),
      );
    expect((await places()).sort()).toEqual(['shop-eu unknown nowhere', 'shop-prod unknown nowhere']);
    company.account(COMPANY.shop).deniedActions.clear();
    company.moveTo(START + MS_PER_HOUR);
    await company.run('scan');
    expect((await places()).sort()).toEqual(['shop-eu healthy placed', 'shop-prod healthy placed']);
  });
});

describe('a message to retire a target', () => {
  it.each([
    ['the first that wrote what is known of it', []],
    ['one that found nothing new', [START]],
  ])('that comes after a later scan of it, %s, changes nothing: the target is one again', async (_, earlierScans) => {
    const company = smallCompany();
    for (const scanMs of [...earlierScans, START + MS_PER_HOUR]) {
      company.moveTo(scanMs);
      await company.run('scan');
    }
    const before = await company.judged();
    const target = { accountId: COMPANY.shop, region: 'us-east-1' };
    await company.deliver({ slot: { kind: 'scan', at: new Date(START).toISOString() }, target, purpose: 'retire' });
    expect(await company.judged()).toEqual(before);
    await company.deliver({
      slot: { kind: 'scan', at: new Date(START + MS_PER_HOUR).toISOString() },
      target,
      purpose: 'retire',
    });
    expect((await vpcNamed(company, 'shop')).subnets).toEqual([]);
  });
});

describe('a message', () => {
  it('that comes again is answered from memory: AWS is not asked, every VPC is judged again', async () => {
    const company = smallCompany();
    await company.run('scan');
    const before = await company.judged();
    company.requests();
    await company.run('scan');
    expect(company.requests().filter((request) => request.startsWith(COMPANY.shop))).toEqual([]);
    expect(await company.judged()).toEqual(before);
  });

  it('that comes again asks AWS again where the scan found nothing new, and changes nothing that was kept', async () => {
    const company = smallCompany();
    await company.run('scan');
    const written = company.memoryWrites();
    company.moveTo(START + MS_PER_HOUR);
    await company.run('scan');
    const before = await company.judged();
    company.requests();
    await company.run('scan');
    expect(company.requests().filter((request) => request.startsWith(COMPANY.shop))).not.toEqual([]);
    expect(await company.judged()).toEqual(before);
    expect(written).toBeGreaterThan(0);
    expect(company.memoryWrites()).toBe(written);
    // A day later it is written once more, or it would expire.
    company.moveTo(START + HOURS_PER_DAY * MS_PER_HOUR);
    await company.run('scan');
    expect(company.memoryWrites()).toBeGreaterThan(written);
  });

  it('is taken for as many interfaces as the last scan saw, for many where there was none', async () => {
    const company = smallCompany();
    await company.run('scan');
    expect(new Set(company.interfacesInMemory())).toEqual(new Set([25_000]));
    company.moveTo(START + MS_PER_HOUR);
    await company.run('scan');
    const counts = company.interfacesInMemory();
    // A region without clusters is asked for no interfaces.
    expect(counts).toContain(0);
    expect(counts.some((count) => count > 0)).toBe(true);
    expect(counts).not.toContain(25_000);
  });

  it("of a slot is in its run's ledger, every target once", async () => {
    const company = smallCompany();
    await company.run('scan');
    const run = await company.runs.readRun({ kind: 'scan', at: new Date(START).toISOString() });
    expect(run?.outcomes.map(({ target, state }) => [target, state])).toEqual(
      run?.plan.targets.map((target) => [target, 'finished']),
    );
    expect(run?.plan.targets).toHaveLength(Object.keys(COMPANY).length * REGIONS.length);
    expect(slotText({ kind: 'scan', at: run?.plan.slot.at ?? '' })).toBe('scan/2026-11-23T08:00:00.000Z');
  });
});
