import type { Instance } from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instanceLimits } from '../../../../lib/local/simulated-aws/build/instance-types.ts';
import {
  DEMO_ACCOUNT_IDS,
  type DemoOptions,
  liveDemoOrganization,
} from '../../../../lib/local/simulated-aws/demo-organization.ts';
import type { LiveAws } from '../../../../lib/local/simulated-aws/live/live-aws.ts';
import { STEP_MS } from '../../../../lib/local/simulated-aws/live/world.ts';
import type { SimulatedAws, SimulatedRegion } from '../../../../lib/local/simulated-aws/state.ts';
import { heldAddresses, interfacesOf, nameOf, regionsOf, slotsOf, truthOf } from './truth.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A Monday. */
const startAt = new Date('2026-11-23T00:00:00Z');

function at(hours: number): Date {
  return new Date(startAt.getTime() + hours * HOUR_MS);
}

function aWorld(options: Partial<DemoOptions> = {}): LiveAws {
  return liveDemoOrganization({ startAt, historyDays: 1, ...options });
}

/** Everything that can be asked, as text: two worlds are the same where this is. */
function contents({ accounts }: SimulatedAws): string {
  return JSON.stringify([...accounts], (_key, value) => {
    if (value instanceof Map) {
      return [...value];
    }
    return value instanceof Set ? [...value] : value;
  });
}

describe('the state at an instant', () => {
  it('is the same in one step, in many and built afresh, for any seed and any steps', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 7 * HOUR_MS }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.nat(), steps, (seed, lengths) => {
        const many = aWorld({ seed });
        let nowMs = startAt.getTime();
        for (const length of lengths) {
          nowMs += length;
          many.advanceTo(new Date(nowMs));
        }
        const one = aWorld({ seed });
        one.advanceTo(new Date(nowMs));
        expect(contents(many.aws) === contents(one.aws)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('is the same after going back to it, and after going forth again', () => {
    const live = aWorld();
    const before = contents(live.aws);
    live.advanceTo(at(30));
    const later = contents(live.aws);
    expect(later).not.toBe(before);
    live.advanceTo(at(0));
    expect(contents(live.aws)).toBe(before);
    live.advanceTo(at(12));
    live.advanceTo(at(30));
    expect(contents(live.aws)).toBe(later);
  });

  it('stays for the length of a step and then changes', () => {
    const live = aWorld();
    const before = contents(live.aws);
    live.advanceTo(new Date(startAt.getTime() + STEP_MS - 1));
    expect(contents(live.aws)).toBe(before);
    live.advanceTo(new Date(startAt.getTime() + 4 * STEP_MS));
    expect(contents(live.aws)).not.toBe(before);
  });

  it('differs from seed to seed', () => {
    const worlds = [1, 2, 3, 4].map((seed) => contents(aWorld({ seed }).aws));
    expect(new Set(worlds).size).toBe(4);
  });

  it('does not exist before the world begins', () => {
    const live = aWorld();
    live.advanceTo(new Date(startAt.getTime() - DAY_MS + STEP_MS));
    expect(regionsOf(live.aws).flatMap((region) => region.instances).length).toBeGreaterThan(20);
    expect(() => live.advanceTo(new Date(startAt.getTime() - DAY_MS))).toThrow(
      'Cannot move the simulated AWS to 2026-11-22T00:00:00.000Z: it begins at 2026-11-22T00:15:00.000Z',
    );
  });

  it('is not changed by a remedy that comes later, and a remedy that there is not is refused', () => {
    const live = aWorld();
    const before = contents(live.aws);
    const [remedy = ''] = live.remedies();
    live.applyRemedy(remedy, at(5));
    expect(contents(live.aws)).toBe(before);
    live.advanceTo(at(5));
    const untouched = aWorld();
    untouched.advanceTo(at(5));
    expect(contents(live.aws)).not.toBe(contents(untouched.aws));
    expect(() => live.applyRemedy('more money', at(5))).toThrow('Cannot apply the remedy "more money"');
  });
});

describe('at every hour of two days', () => {
  const live = aWorld({ historyDays: 3 });

  function everyHour(check: (region: SimulatedRegion, hour: number) => void): void {
    for (let hour = -24; hour <= 24; hour += 1) {
      live.advanceTo(at(hour));
      for (const region of regionsOf(live.aws)) {
        check(region, hour);
      }
    }
  }

  it('each subnet reports what enumerating its addresses leaves, and gives none twice', () => {
    const subnetIds = new Set<string | undefined>();
    const counts = new Set<string>();
    everyHour((region, hour) => {
      for (const subnet of region.subnets) {
        const { free, problems } = truthOf(region, subnet);
        expect([nameOf(subnet), hour, subnet.AvailableIpAddressCount, problems]).toEqual([
          nameOf(subnet),
          hour,
          free,
          [],
        ]);
        subnetIds.add(subnet.SubnetId);
        counts.add(`${subnet.SubnetId} ${free}`);
      }
    });
    expect(subnetIds.size).toBeGreaterThan(50);
    // Counts move: on average each subnet showed several, public ones only one.
    expect(counts.size).toBeGreaterThan(3 * subnetIds.size);
  });

  it('no instance has more interfaces, addresses, prefixes or branches than its type allows', () => {
    let branchesMost = 0;
    everyHour((region) => {
      const held = new Map(regionsOf(live.aws).flatMap((each) => each.instances.map((own) => [own.InstanceId, each])));
      expect(held.size).toBeGreaterThan(20);
      for (const instance of region.instances) {
        branchesMost = Math.max(branchesMost, expectWithinLimits(live.aws, instance));
      }
    });
    expect(branchesMost).toBeGreaterThan(5);
  });
});

/** Returns how many branches the instance's trunk has. */
function expectWithinLimits(aws: SimulatedAws, instance: Instance): number {
  const limits = instanceLimits(instance.InstanceType ?? '');
  // In a shared VPC the interfaces are kept with its owner.
  const [region] = regionsOf(aws).filter((each) => interfacesOf(each, instance.InstanceId).length > 0);
  const interfaces = region === undefined ? [] : interfacesOf(region, instance.InstanceId);
  expect(interfaces.length).toBeGreaterThan(0);
  expect(interfaces.length).toBeLessThanOrEqual(limits.networkInterfacesMax);
  for (const each of interfaces) {
    expect(slotsOf(each)).toBeLessThanOrEqual(limits.ipv4AddressesPerInterface);
    expect(each.AvailabilityZone).toBe(
      region?.subnets.find(({ SubnetId }) => SubnetId === each.SubnetId)?.AvailabilityZone,
    );
  }
  const devices = interfaces.map((each) => each.Attachment?.DeviceIndex);
  expect(new Set(devices).size).toBe(devices.length);
  const trunk = interfaces.find((each) => each.InterfaceType === 'trunk');
  const branches = (region?.networkInterfaces ?? []).filter((each) =>
    each.TagSet?.some(
      (tag) => tag.Key === 'vpcresources.k8s.aws/trunk-eni-id' && tag.Value === trunk?.NetworkInterfaceId,
    ),
  );
  expect(branches.length).toBeLessThanOrEqual(limits.branchInterfacesMax);
  return branches.length;
}

describe('over a week', () => {
  const live = aWorld({ historyDays: 8 });
  const shop = DEMO_ACCOUNT_IDS.shop;

  /** Addresses held in the shop's large subnets. */
  function heldAt(hours: number): number {
    live.advanceTo(at(hours));
    const region = live.aws.accounts.get(shop)?.regions.get('us-east-1');
    return (region?.subnets ?? [])
      .filter((subnet) => nameOf(subnet).startsWith('shop-prod'))
      .reduce((sum, subnet) => sum + (region === undefined ? 0 : heldAddresses(region, subnet).length), 0);
  }

  /** Held at 14:00 and at 02:00 in New York, on a day counted from the Monday. */
  const busiest = (day: number) => heldAt(day * 24 + 19);
  const quietest = (day: number) => heldAt(day * 24 + 7);

  it.each([0, 1, 2, 3, 4])('more is held by day than by night on weekday %i', (day) => {
    expect(busiest(day)).toBeGreaterThan(1.2 * quietest(day));
  });

  it('less is held on the weekend than in the week before', () => {
    const week = [0, 1, 2, 3, 4].map(busiest);
    for (const day of [5, 6]) {
      expect(busiest(day)).toBeLessThan(0.9 * Math.min(...week));
    }
  });

  it('every node is replaced by another some day', () => {
    const idsAt = (hours: number) => {
      live.advanceTo(at(hours));
      return new Set(regionsOf(live.aws).flatMap(({ instances }) => instances.map((each) => each.InstanceId)));
    };
    const before = idsAt(-24 * 7);
    const after = idsAt(24 * 7);
    expect([...after].filter((id) => before.has(id))).toEqual([]);
  });
});
