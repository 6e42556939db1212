import { DescribeNetworkInterfacesCommand, type NetworkInterface, type Subnet } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { addressesOfCidr } from '../../../lib/local/simulated-aws/build/cidr-addresses.ts';
import { addAccount, addRegion, createSimulatedAws } from '../../../lib/local/simulated-aws/build/organization.ts';
import { addressesInUse } from '../../../lib/local/simulated-aws/build/settle-counts.ts';
import {
  DEMO_ACCOUNT_IDS,
  demoOrganization,
  liveDemoOrganization,
} from '../../../lib/local/simulated-aws/demo-organization.ts';
import { type LiveAws, liveAws } from '../../../lib/local/simulated-aws/live/live-aws.ts';
import { countSubnets, createWorld } from '../../../lib/local/simulated-aws/live/world.ts';
import { ACCOUNT_CLOSED_AFTER_HOURS } from '../../../lib/local/simulated-aws/scenarios/account-closed.ts';
import { CLUSTER_DELETED_AFTER_HOURS } from '../../../lib/local/simulated-aws/scenarios/cluster-deleted.ts';
import {
  buildGrowing,
  EXHAUSTED_ON_DAY,
  GROWING_REMEDY,
  OUTGROWN_ON_DAY,
  REMEDY_AFTER_DAYS,
} from '../../../lib/local/simulated-aws/scenarios/growing.ts';
import type { SimulatedAws, SimulatedRegion } from '../../../lib/local/simulated-aws/state.ts';
import { clientsOf } from './clients.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const now = new Date('2026-11-20T08:00:00Z');
const aws = demoOrganization(now);
const regions = regionsOf(aws);

function regionsOf({ accounts }: SimulatedAws): SimulatedRegion[] {
  return [...accounts.values()].flatMap((account) => [...account.regions.values()]);
}

function regionOf(of: SimulatedAws, account: keyof typeof DEMO_ACCOUNT_IDS, name: string): SimulatedRegion {
  const region = of.accounts.get(DEMO_ACCOUNT_IDS[account])?.regions.get(name);
  if (region === undefined) {
    throw new Error(`The demo has no region ${name} in ${account}`);
  }
  return region;
}

function subnetNamed(region: SimulatedRegion, name: string): Subnet {
  const subnet = region.subnets.find((each) => each.Tags?.some((tag) => tag.Key === 'Name' && tag.Value === name));
  if (subnet === undefined) {
    throw new Error(`The demo has no subnet "${name}"`);
  }
  return subnet;
}

function interfacesIn(region: SimulatedRegion, name: string): NetworkInterface[] {
  const { SubnetId } = subnetNamed(region, name);
  return region.networkInterfaces.filter((each) => each.SubnetId === SubnetId);
}

describe('the demo organisation', () => {
  it('is the same each time', () => {
    expect(demoOrganization(now).accounts).toEqual(aws.accounts);
  });

  it('has at least 12 accounts, 18 clusters and two regions with clusters', () => {
    expect(aws.accounts.size).toBeGreaterThanOrEqual(12);
    expect(regions.reduce((sum, region) => sum + region.eks.size, 0)).toBeGreaterThanOrEqual(18);
    const named = [...aws.accounts.values()].flatMap((account) => [...account.regions]);
    expect(new Set(named.filter(([, region]) => region.eks.size > 0).map(([name]) => name))).toEqual(
      new Set(['us-east-1', 'eu-west-1']),
    );
  });

  it('gives every cluster nodes, and every managed node group the size it tells', () => {
    const clusters = regions.flatMap((region) =>
      [...region.eks].map(([name, { nodegroups }]) => ({ region, name, nodegroups })),
    );
    for (const { region, name, nodegroups } of clusters) {
      const nodes = region.instances.filter(({ Tags }) =>
        Tags?.some(({ Key, Value }) => Value === name && /^eks:(eks-)?cluster-name$/.test(Key ?? '')),
      );
      expect([name, nodes.length > 0]).toEqual([name, true]);
      for (const [groupName, { scalingConfig }] of nodegroups) {
        const { length } = nodes.filter(({ Tags }) => Tags?.some(({ Value }) => Value === groupName));
        expect([name, groupName, scalingConfig?.desiredSize]).toEqual([name, groupName, length]);
        expect(length).toBeGreaterThanOrEqual(scalingConfig?.minSize ?? Number.NaN);
        expect(length).toBeLessThanOrEqual(scalingConfig?.maxSize ?? Number.NaN);
      }
    }
  });

  it('refers only to subnets that exist, in the zone they are in', () => {
    const known = new Map(regions.flatMap((region) => region.subnets).map((each) => [each.SubnetId, each]));
    const interfaces = regions.flatMap((region) => region.networkInterfaces);
    expect(interfaces.length).toBeGreaterThan(200);
    for (const each of interfaces) {
      expect(known.get(each.SubnetId)).toMatchObject({ VpcId: each.VpcId, AvailabilityZone: each.AvailabilityZone });
    }
  });

  it('has flow logs that work, one of rejected traffic, one that fails, and a VPC without', () => {
    const states = regions.flatMap((region) =>
      region.vpcs.map((vpc) => {
        const flowLog = region.flowLogs.find((each) => each.ResourceId === vpc.VpcId);
        return `${flowLog?.TrafficType} ${flowLog?.DeliverLogsStatus}`;
      }),
    );
    expect(new Set(states)).toEqual(new Set(['ALL SUCCESS', 'REJECT SUCCESS', 'ALL FAILED', 'undefined undefined']));
  });

  it('has an account without a role, a suspended one and one that denies ListAddons', () => {
    expect(aws.accounts.get(DEMO_ACCOUNT_IDS.sandbox)?.roles.size).toBe(0);
    expect(aws.accounts.get(DEMO_ACCOUNT_IDS.formerAcquisition)).toMatchObject({ state: 'SUSPENDED' });
    expect(aws.accounts.get(DEMO_ACCOUNT_IDS.dataPlatform)?.deniedActions).toEqual(new Set(['eks:ListAddons']));
  });
});

describe('its scenarios', () => {
  it('shatter subnets: half of the addresses are free, and hardly a block', () => {
    const region = regionOf(aws, 'search', 'eu-west-1');
    for (const name of ['search-eu-a', 'search-eu-b']) {
      const subnet = subnetNamed(region, name);
      const used = new Set(addressesInUse(region, subnet));
      const all = addressesOfCidr(subnet.CidrBlock ?? '');
      const blocks = Array.from({ length: 16 }, (_, block) => all.slice(block * 16, block * 16 + 16));
      // The first and the last block hold addresses that AWS keeps.
      const free = blocks.slice(1, -1).filter((block) => block.every((address) => !used.has(address)));
      expect(free.length).toBeLessThanOrEqual(1);
      expect(subnet.AvailableIpAddressCount).toBeGreaterThan(100);
    }
  });

  it('reserve blocks, from which prefixes are taken', () => {
    const region = regionOf(aws, 'search', 'us-east-1');
    expect(region.subnetCidrReservations.map((each) => each.ReservationType)).toEqual(['prefix', 'explicit', 'prefix']);
    const prefixes = interfacesIn(region, 'search-us-a').flatMap((each) => each.Ipv4Prefixes ?? []);
    expect(prefixes.length).toBeGreaterThan(0);
    for (const { Ipv4Prefix } of prefixes) {
      expect(Ipv4Prefix).toMatch(/^10\.24\.3\.\d+\/28$/);
    }
  });

  it('hide the nodes of EKS Auto Mode', () => {
    const { instances, networkInterfaces } = regionOf(aws, 'mobile', 'us-east-1');
    expect(instances.length).toBeGreaterThan(0);
    expect(instances.every((each) => each.Operator?.HiddenByDefault)).toBe(true);
    const managed = networkInterfaces.filter((each) => each.Operator?.Managed);
    expect(managed.some((each) => (each.Ipv4Prefixes ?? []).length > 0)).toBe(true);
  });

  it('share a VPC whose owner has no cluster between two accounts that have one each', () => {
    const owner = regionOf(aws, 'network', 'us-east-1');
    expect(owner.eks.size).toBe(0);
    const owners = interfacesIn(owner, 'shared-a').map((each) => each.OwnerId);
    const { network, logistics, loyalty } = DEMO_ACCOUNT_IDS;
    expect(new Set(owners)).toEqual(new Set([network, logistics, loyalty]));
  });

  it('keep pods out of the subnets of nodes under custom networking', () => {
    const region = regionOf(aws, 'analytics', 'us-east-1');
    const inNodes = interfacesIn(region, 'analytics-nodes-a').filter((each) => each.Attachment?.InstanceId);
    expect(inNodes.length).toBeGreaterThan(0);
    expect(inNodes.every((each) => each.PrivateIpAddresses?.length === 1)).toBe(true);
    const inPods = interfacesIn(region, 'analytics-pods-a');
    expect(inPods.every((each) => each.PrivateIpAddresses?.length === 15)).toBe(true);
    expect(inPods.length).toBeGreaterThan(0);
  });

  it('give nodes with IPv6 one IPv4 address each, beside a subnet that has none', () => {
    const region = regionOf(aws, 'mobile', 'eu-west-1');
    const nodes = interfacesIn(region, 'mobile-v6-a').filter((each) => each.Attachment?.InstanceId);
    expect(nodes.length).toBeGreaterThan(0);
    for (const each of nodes) {
      expect(each.PrivateIpAddresses).toHaveLength(1);
      expect(each.Ipv6Prefixes?.[0]?.Ipv6Prefix).toMatch(/^2600:.*::\/80$/);
    }
    expect(subnetNamed(region, 'mobile-v6-only')).toMatchObject({ Ipv6Native: true, AvailableIpAddressCount: 0 });
    expect(region.eks.get('mobile-v6')?.cluster.kubernetesNetworkConfig?.ipFamily).toBe('ipv6');
  });

  it('give each node with security groups for pods a trunk, and branches', () => {
    const { networkInterfaces, instances } = regionOf(aws, 'payments', 'eu-west-1');
    const ofType = (type: string) => networkInterfaces.filter((each) => each.InterfaceType === type);
    expect(ofType('trunk')).toHaveLength(instances.length);
    const trunkIds = new Set(ofType('trunk').map((each) => each.NetworkInterfaceId));
    const vlans = ofType('branch').map((each) => {
      const tag = (key: string) => each.TagSet?.find((own) => own.Key === `vpcresources.k8s.aws/${key}`)?.Value;
      expect(trunkIds).toContain(tag('trunk-eni-id'));
      return `${tag('trunk-eni-id')} ${tag('vlan-id')}`;
    });
    expect(vlans.length).toBeGreaterThan(10);
    expect(new Set(vlans).size).toBe(vlans.length);
  });

  it('leak interfaces that hold addresses and are attached to nothing', () => {
    const leaked = regions.flatMap((region) => region.networkInterfaces).filter((each) => each.Status === 'available');
    expect(leaked.length).toBeGreaterThan(0);
    for (const each of leaked) {
      expect(each.Description).toMatch(/^aws-K8S-i-/);
      expect(each).not.toHaveProperty('Attachment');
    }
    const inData = regionOf(aws, 'dataPlatform', 'us-east-1').networkInterfaces;
    expect(leaked.every((each) => inData.includes(each))).toBe(true);
  });

  it('throttle one account, where that is wanted', async () => {
    expect(aws.faults).toBeUndefined();
    expect(aws.limits).toBeUndefined();
    const throttled = liveDemoOrganization({ startAt: now, isThrottled: true }).aws;
    const errorsOf = async (accountId: string) => {
      const { ec2 } = clientsOf(throttled, { accountId });
      const calls = Array.from({ length: 20 }, () =>
        ec2.send(new DescribeNetworkInterfacesCommand({ MaxResults: 5 })).then(
          () => 'answered',
          (error: Error) => error.name,
        ),
      );
      return new Set(await Promise.all(calls));
    };
    expect(await errorsOf(DEMO_ACCOUNT_IDS.telemetry)).toEqual(new Set(['answered', 'RequestLimitExceeded']));
    expect(await errorsOf(DEMO_ACCOUNT_IDS.shop)).toEqual(new Set(['answered']));
  });
});

describe('as time passes', () => {
  function hoursAfter(live: LiveAws, hours: number): SimulatedAws {
    live.advanceTo(new Date(now.getTime() + hours * HOUR_MS));
    return live.aws;
  }

  it('a cluster is deleted, with its nodes and interfaces, and was there before', () => {
    const live = liveDemoOrganization({ startAt: now });
    const namesAt = (hours: number) => [...regionOf(hoursAfter(live, hours), 'previews', 'eu-west-1').eks.keys()];
    const marks = () =>
      JSON.stringify(regionOf(live.aws, 'previews', 'eu-west-1').networkInterfaces.map((each) => each.Description)) +
      JSON.stringify(regionOf(live.aws, 'previews', 'eu-west-1').instances.map((each) => each.Tags));
    expect(namesAt(CLUSTER_DELETED_AFTER_HOURS - 0.25)).toEqual(['previews-main', 'previews-q3']);
    expect(marks()).toContain('previews-q3');
    expect(namesAt(CLUSTER_DELETED_AFTER_HOURS)).toEqual(['previews-main']);
    expect(marks()).not.toContain('previews-q3');
    expect(namesAt(0)).toEqual(['previews-main', 'previews-q3']);
  });

  it('an account is closed', () => {
    const live = liveDemoOrganization({ startAt: now });
    const stateAt = (hours: number) => hoursAfter(live, hours).accounts.get(DEMO_ACCOUNT_IDS.popUpStores)?.state;
    expect(stateAt(ACCOUNT_CLOSED_AFTER_HOURS - 0.25)).toBe('ACTIVE');
    expect(stateAt(ACCOUNT_CLOSED_AFTER_HOURS)).toBe('CLOSED');
    expect(stateAt(0)).toBe('ACTIVE');
  });

  it.each([
    { seed: 20_261, startAt: now },
    { seed: 1, startAt: new Date('2026-11-23T21:10:00Z') },
    { seed: 2, startAt: new Date('2026-11-28T02:00:00Z') },
  ])('payments has no address left on the stated day, with seed $seed, until it gets larger subnets', (options) => {
    const live = liveDemoOrganization(options);
    const midnightMs = Math.floor(options.startAt.getTime() / DAY_MS) * DAY_MS;
    const free = () => {
      const region = regionOf(live.aws, 'payments', 'us-east-1');
      return ['payments-prod-a', 'payments-prod-b'].map((name) => subnetNamed(region, name).AvailableIpAddressCount);
    };
    let exhaustedOnDay: number | undefined;
    const firstHour = Math.ceil((options.startAt.getTime() - midnightMs) / HOUR_MS);
    for (let hour = firstHour; exhaustedOnDay === undefined && hour < 24 * (EXHAUSTED_ON_DAY + 5); hour += 1) {
      live.advanceTo(new Date(midnightMs + hour * HOUR_MS));
      exhaustedOnDay = free().includes(0) ? Math.floor(hour / 24) : undefined;
    }
    expect(exhaustedOnDay).toBe(EXHAUSTED_ON_DAY);
    live.applyRemedy(GROWING_REMEDY, new Date(midnightMs + (EXHAUSTED_ON_DAY - 1) * DAY_MS));
    expect(Math.min(...free().map(Number))).toBeGreaterThan(200);
    live.advanceTo(new Date(midnightMs + (EXHAUSTED_ON_DAY - 2) * DAY_MS));
    expect(Math.max(...free().map(Number))).toBeLessThan(200);
  });

  it.each([
    { account: 'payments', region: 'us-east-1', cluster: 'payments-prod', exhaustedOnDay: EXHAUSTED_ON_DAY },
    { account: 'logistics', region: 'eu-west-1', cluster: 'warehouse-prod', exhaustedOnDay: OUTGROWN_ON_DAY },
  ] as const)(
    '$cluster has larger subnets by itself some days later',
    ({ account, region, cluster, exhaustedOnDay }) => {
      const live = liveDemoOrganization({ startAt: now, historyDays: 20 });
      const midnightMs = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
      const at = (day: number) => {
        live.advanceTo(new Date(midnightMs + day * DAY_MS));
        const seen = regionOf(live.aws, account, region);
        const free = ['a', 'b'].map((zone) => Number(subnetNamed(seen, `${cluster}-${zone}`).AvailableIpAddressCount));
        return { least: Math.min(...free), groups: [...(seen.eks.get(cluster)?.nodegroups.keys() ?? [])] };
      };
      const busyHours = Array.from({ length: 24 }, (_, hour) => exhaustedOnDay + hour / 24);
      expect(Math.min(...busyHours.map((day) => at(day - 1).least))).toBeGreaterThan(0);
      expect(Math.min(...busyHours.map((day) => at(day).least))).toBe(0);
      const remedyOnDay = exhaustedOnDay + REMEDY_AFTER_DAYS;
      expect(at(remedyOnDay - 0.01).groups).toEqual(['general']);
      expect(at(remedyOnDay + 0.02)).toMatchObject({ groups: ['general-large'] });
      expect(at(remedyOnDay + 0.02).least).toBeGreaterThan(200);
    },
  );

  it('a node group that finds no address says so to EKS', () => {
    const live = liveAws(() => {
      const aws = createSimulatedAws({
        partition: 'aws',
        organizationId: 'o-growing',
        managementAccountId: DEMO_ACCOUNT_IDS.payments,
        now: () => now,
      });
      const world = createWorld(aws, { seed: 1, startAt: now, historyDays: 1 });
      const account = addAccount(aws, { id: DEMO_ACCOUNT_IDS.payments, name: 'Payments' });
      addRegion(account, 'us-east-1', { zoneShift: 0 });
      buildGrowing(world, account, EXHAUSTED_ON_DAY + 20);
      countSubnets(world);
      return world;
    });
    const healthAfter = (hours: number) =>
      regionOf(hoursAfter(live, hours), 'payments', 'us-east-1').eks.get('payments-prod')?.nodegroups.get('general')
        ?.health;
    expect(healthAfter(0)).toEqual({ issues: [] });
    // Ten days later a nineteenth node is wanted, and a subnet has room for nine.
    expect(healthAfter(24 * (EXHAUSTED_ON_DAY + 12) + 11)?.issues).toMatchObject([
      { code: 'InsufficientFreeAddresses' },
    ]);
  });
});
