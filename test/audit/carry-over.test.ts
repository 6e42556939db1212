import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carryOver } from '../../lib/audit/carry-over.ts';
import type { Nodegroup } from '../../lib/domain/cluster/cluster.ts';
import { type CollectErrorCode, type Fact, observed, unavailable } from '../../lib/domain/fact.ts';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import { arbitraryRegionFacts, OWNER_ID } from '../helpers/arbitrary-region-facts.ts';
import { aNodegroup, aSubnet, CLUSTER_NAME, NOW, SUBNET_ID } from '../helpers/builders.ts';
import { factsByPath, mapRegionFacts } from '../helpers/map-region-facts.ts';
import {
  denied,
  described,
  seen,
  someClusterFacts,
  someRegionFacts,
  withClusters,
} from '../helpers/region-facts-builder.ts';

const LATER = '2026-11-23T09:00:00.000Z';

function failed(code: CollectErrorCode) {
  return unavailable({ action: 'ec2:Describe', code, message: code, awsErrorName: undefined });
}

/** What was observed, some of it lost to whatever reason. */
function factsAt(at: string): fc.Arbitrary<RegionFacts> {
  const losses = fc.array(fc.constantFrom<CollectErrorCode | undefined>(undefined, undefined, 'not-due', 'throttled'), {
    minLength: 1,
    maxLength: 40,
  });
  return fc.tuple(arbitraryRegionFacts(OWNER_ID), losses).map(([facts, codes]) => {
    let index = 0;
    const changed = mapRegionFacts(facts, (fact) => {
      const code = codes[index % codes.length];
      index += 1;
      if (code !== undefined) {
        return failed(code);
      }
      return fact.state === 'observed' ? { ...fact, observedAt: at } : fact;
    });
    return { ...changed, startedAt: at };
  });
}

/** The rule, fact by fact: a path stays unless a listing that was observed now has no such item. */
function modelOf(known: RegionFacts, fresh: RegionFacts): ReadonlyMap<string, Fact<unknown>> {
  const [before, now] = [factsByPath(known), factsByPath(fresh)];
  const subnetIds =
    fresh.subnets.state === 'observed' ? fresh.subnets.value.map(({ subnetId }) => subnetId) : undefined;
  const lists = (path: string, name: string) => {
    const names = path === 'reservations' ? subnetIds : namesIn(now.get(path === 'clusters' ? 'clusterNames' : path));
    return names === undefined || names.includes(name);
  };
  const isListed = (path: string) => {
    const [head = '', name = '', part = '', item] = path.split('/');
    const isItemListed = item === undefined || lists([head, name, part].join('/'), item);
    return name === '' || (lists(head, name) && isItemListed);
  };
  const paths = [...new Set([...before.keys(), ...now.keys()])].filter((path) => path !== 'subnetCounters');
  return new Map(paths.filter(isListed).flatMap((path) => modelFact(path, before.get(path), now.get(path))));
}

function namesIn(fact: Fact<unknown> | undefined): readonly unknown[] | undefined {
  return fact?.state === 'observed' && Array.isArray(fact.value) ? fact.value : undefined;
}

function modelFact(path: string, before: Fact<unknown> | undefined, now: Fact<unknown> | undefined) {
  const inOrder = [now, before].filter((fact) => fact !== undefined);
  const best =
    inOrder.find(({ state }) => state === 'observed') ??
    inOrder.find((fact) => fact.state === 'unavailable' && (fact === before || fact.error.code !== 'not-due')) ??
    now;
  return best === undefined ? [] : [[path, best] as const];
}

function withoutCounters(facts: RegionFacts): ReadonlyMap<string, Fact<unknown>> {
  return factsByPath({ ...facts, subnetCounters: undefined });
}

describe('what is known after an observation', () => {
  it('is, fact by fact, what was observed now, or else before, of all that is still listed', () => {
    fc.assert(
      fc.property(factsAt(NOW), factsAt(LATER), (known, fresh) => {
        expect(withoutCounters(carryOver(known, fresh))).toEqual(modelOf(known, fresh));
      }),
      { numRuns: 500 },
    );
  });

  it('is what was known where nothing was due, and what was observed where everything was', () => {
    fc.assert(
      fc.property(factsAt(NOW), arbitraryRegionFacts(OWNER_ID), (known, observation) => {
        const nothing = mapRegionFacts({ ...known, subnetCounters: undefined }, () => failed('not-due'));
        expect(carryOver(known, nothing)).toEqual(known);
        const everything = mapRegionFacts(observation, (fact) =>
          fact.state === 'observed' ? fact : failed('throttled'),
        );
        const complete = [...factsByPath(everything).values()].every(({ state }) => state === 'observed');
        fc.pre(complete && isReservedWhereListed(everything));
        expect(carryOver(known, everything)).toEqual(everything);
      }),
      { numRuns: 500 },
    );
  });

  it('does not change when the same observation comes again', () => {
    fc.assert(
      fc.property(factsAt(NOW), factsAt(LATER), (known, fresh) => {
        const once = carryOver(known, fresh);
        expect(carryOver(once, fresh)).toEqual(once);
      }),
    );
  });

  it('is the observation itself where nothing was known', () => {
    const fresh = someRegionFacts({ vpcs: denied('ec2:DescribeVpcs') });
    expect(carryOver(undefined, fresh)).toBe(fresh);
  });

  it('says of what was never observed why it was not, and that it was not due only where nothing else is known', () => {
    const [refused, throttled, notDue] = [denied('ec2:DescribeVpcs'), failed('throttled'), failed('not-due')];
    const vpcsAfter = (before: typeof refused, now: typeof refused) =>
      carryOver(someRegionFacts({ vpcs: before }), someRegionFacts({ vpcs: now })).vpcs;
    expect(vpcsAfter(refused, throttled)).toBe(throttled);
    expect(vpcsAfter(refused, notDue)).toBe(refused);
    expect(vpcsAfter(notDue, throttled)).toBe(throttled);
    expect(vpcsAfter(notDue, notDue)).toEqual(notDue);
  });
});

function isReservedWhereListed({ reservations, subnets }: RegionFacts): boolean {
  const listed = subnets.state === 'observed' ? subnets.value.map(({ subnetId }) => subnetId) : [];
  return [...reservations.keys()].every((subnetId) => listed.includes(subnetId));
}

describe('an item', () => {
  const known = someRegionFacts({
    ...withClusters({ [CLUSTER_NAME]: someClusterFacts({ nodegroups: described({ workers: aNodegroup() }) }) }),
    reservations: new Map([[SUBNET_ID, seen([])]]),
  });

  it('is gone once a listing no longer names it', () => {
    const fresh = someRegionFacts({ subnets: seen([aSubnet({ subnetId: 'subnet-0new' })]), ...withClusters({}) });
    const after = carryOver(known, fresh);
    expect(after.clusters.size).toBe(0);
    expect(after.reservations.size).toBe(0);
  });

  it('stays where the listing failed', () => {
    const fresh = someRegionFacts({
      subnets: denied('ec2:DescribeSubnets'),
      clusterNames: denied('eks:ListClusters'),
      clusters: new Map(),
    });
    const after = carryOver(known, fresh);
    expect(after.clusters).toEqual(known.clusters);
    expect(after.clusterNames).toBe(known.clusterNames);
    expect(after.reservations).toEqual(known.reservations);
  });

  it('of a cluster stays where only that listing failed', () => {
    const blind = someClusterFacts({ nodegroups: { names: denied('eks:ListNodegroups'), items: new Map() } });
    const after = carryOver(known, someRegionFacts(withClusters({ [CLUSTER_NAME]: blind })));
    expect([...(after.clusters.get(CLUSTER_NAME)?.nodegroups.items.keys() ?? [])]).toEqual(['workers']);
  });

  it('that could not be described now is as it was, beside a new one', () => {
    const nodegroups = {
      names: seen(['workers', 'new']),
      items: new Map<string, Fact<Nodegroup>>([
        ['workers', denied('eks:DescribeNodegroup')],
        ['new', observed(aNodegroup({ nodegroupName: 'new' }), LATER)],
      ]),
    };
    const after = carryOver(known, someRegionFacts(withClusters({ [CLUSTER_NAME]: someClusterFacts({ nodegroups }) })));
    const items = after.clusters.get(CLUSTER_NAME)?.nodegroups.items;
    expect(items?.get('workers')).toEqual(observed(aNodegroup(), NOW));
    expect(items?.get('new')).toEqual(nodegroups.items.get('new'));
  });
});

describe('the second reading of the counters', () => {
  const before = observed(new Map([[SUBNET_ID, 1]]), NOW);
  const now = observed(new Map([[SUBNET_ID, 2]]), LATER);
  const known = someRegionFacts({ subnetCounters: before });

  it.each([
    { what: 'both listings were read now', lost: {}, fresh: now, expected: now },
    { what: 'both were read now and nothing had to be read again', lost: {}, fresh: undefined, expected: undefined },
    {
      what: 'only the interfaces were read now',
      lost: { subnets: failed('throttled') },
      fresh: undefined,
      expected: undefined,
    },
    {
      what: 'only the subnets were read now',
      lost: { networkInterfaces: failed('throttled') },
      fresh: undefined,
      expected: undefined,
    },
    {
      what: 'neither was',
      lost: { subnets: failed('throttled'), networkInterfaces: failed('throttled') },
      fresh: undefined,
      expected: before,
    },
  ])('belongs to the listings that it stands beside: $what', ({ lost, fresh, expected }) => {
    expect(carryOver(known, someRegionFacts({ ...lost, subnetCounters: fresh })).subnetCounters).toBe(expected);
  });
});
