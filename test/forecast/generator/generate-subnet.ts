import { fractionOf, nextChance, type Random, randomOf } from '../../../lib/local/simulated-aws/build/random.ts';
import {
  type AddressSpace,
  BLOCK_ADDRESSES,
  capacityOf,
  createAddressSpace,
  freeBlocks,
  giveAddress,
  reserveLast,
  takeAddress,
  UNMET,
} from './address-space.ts';
import { addressesPerNode, type Cluster, settleCluster, startRollout } from './cluster.ts';
import { drawDemand } from './demand.ts';
import { oneOf, wholeWithin, within } from './draw.ts';
import { type Labels, labelsOf } from './labels.ts';
import type { PoolRules } from './node-pool.ts';
import { type ObservedHour, observe } from './observe.ts';
import {
  COMPACT_TRIES,
  DAYS,
  EXTRAS_CHANGE_CHANCE,
  FIXED_ADDRESSES,
  FLEET_LEVEL_FACTOR,
  FLEET_SHARES,
  LAMBDA_ADDRESSES,
  LOAD_BALANCER_ADDRESSES,
  LOAD_BALANCERS,
  NODE_TYPES,
  PREFIX_LENGTH_MAX_WITH_PREFIXES,
  PREFIX_LENGTHS,
  PREFIX_LEVEL_FACTOR,
  REGIME_NAMES,
  REGIMES,
  RESERVATION_CHANCE,
  RESERVATION_DAY,
  RESERVATION_SHARE,
  type RegimeName,
  ROLLOUT_CHANCE_PER_DAY,
  SEED,
  SMALL_SUBNET_NODE_TYPES,
  STEPS_PER_DAY,
  WARM_TARGETS,
} from './regimes.ts';
import type { Truth } from './truth.ts';

export interface GeneratedSubnet {
  readonly name: string;
  readonly regime: RegimeName;
  readonly prefixLength: number;
  /** Whether its nodes take prefixes, from the toggle on where there is one: else running out of blocks harms nobody. */
  readonly usesPrefixes: boolean;
  readonly hours: readonly ObservedHour[];
  readonly truth: Truth;
  readonly labels: Labels;
  /** What the product is told of besides the counters: breaks with the day they happened, counted from `FIRST_DAY`. */
  readonly events: readonly {
    readonly kind: 'prefix-mode-toggled' | 'reservation-changed' | 'cluster-deleted';
    readonly day: number;
  }[];
}

/** /24 and smaller: large nodes would fill them by themselves. */
const SMALL_PREFIX_LENGTH = 24;
const PODS_MAX_PREFIXES = 110;
/** EKS: interfaces x (addresses - 1) + 2. https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html */
const HOST_NETWORK_PODS = 2;

/** Returns the subnet with this number of a regime where all regimes weigh the same. The same for ever: seeds are fixed. */
export function generateSubnet(regime: RegimeName, index: number): GeneratedSubnet {
  return simulate(`${SEED}/${regime}/${index}`, regime, 1);
}

/** Returns the subnet with this number of a fleet in which most subnets are steady and far from full. */
export function generateFleetSubnet(index: number): GeneratedSubnet {
  const seed = `${SEED}/fleet/${index}`;
  let left = fractionOf(`${seed}/regime`);
  const regime = REGIME_NAMES.find((name) => {
    left -= FLEET_SHARES[name];
    return left < 0;
  });
  return simulate(seed, regime ?? 'flat', within(randomOf(`${seed}/level`), FLEET_LEVEL_FACTOR));
}

function simulate(seed: string, name: RegimeName, levelFactor: number): GeneratedSubnet {
  const regime = REGIMES[name];
  const random = randomOf(`${seed}/subnet`);
  const usesPrefixes = nextChance(random, regime.prefixShare);
  const drawnLength = oneOf(random, PREFIX_LENGTHS);
  const prefixLength = usesPrefixes ? Math.min(drawnLength, PREFIX_LENGTH_MAX_WITH_PREFIXES) : drawnLength;
  const cluster = drawCluster(random, prefixLength, usesPrefixes);
  const toggleDay = regime.toggleDay === undefined ? undefined : Math.floor(within(random, regime.toggleDay));
  const space = createAddressSpace(prefixLength, randomOf(`${seed}/addresses`), wholeWithin(random, COMPACT_TRIES));
  const demand = drawDemand(
    randomOf(`${seed}/demand`),
    regime,
    usesPrefixes ? levelFactor * PREFIX_LEVEL_FACTOR : levelFactor,
  );
  const extras = drawExtras(randomOf(`${seed}/extras`), space);
  const reservation = regime.isCalm ? undefined : drawReservation(randomOf(`${seed}/reservation`), space);
  const room = capacityOf(space) - extras.fixed;
  const podsPerAddress = cluster.podsPerNode / addressesPerNode(cluster.rules, cluster.podsPerNode, random);
  const truth = emptyTruth();
  const rolloutSteps: number[] = [];
  for (let step = 0; step < demand.shares.length; step += 1) {
    const day = step / STEPS_PER_DAY;
    if (day === toggleDay) {
      cluster.rules = { ...cluster.rules, mode: 'prefixes', podsMax: PODS_MAX_PREFIXES };
      startRollout(cluster);
      rolloutSteps.push(step);
    } else if (Number.isInteger(day) && nextChance(random, ROLLOUT_CHANCE_PER_DAY)) {
      startRollout(cluster);
      rolloutSteps.push(step);
    }
    if (day === reservation?.day) {
      reserveLast(space, reservation.blocks);
    }
    changeExtras(extras, space);
    settleCluster(cluster, Math.round((demand.shares[step] ?? 0) * room * podsPerAddress), space, random);
    record(truth, step, space);
  }
  const events = eventsOf(toggleDay, reservation?.day, demand.clusterDeletedDay);
  return {
    name: seed,
    regime: name,
    prefixLength,
    usesPrefixes: usesPrefixes || regime.toggleDay !== undefined,
    hours: observe(randomOf(`${seed}/observe`), truth),
    truth,
    labels: labelsOf(truth, {
      levelDay: demand.causeDay,
      shortSteps: [...demand.shortCauseSteps, ...rolloutSteps],
      lastingDays: events.map(({ day }) => day),
      prefixesFromDay: usesPrefixes ? 0 : toggleDay,
    }),
    events,
  };
}

function drawCluster(random: Random, prefixLength: number, usesPrefixes: boolean): Cluster {
  const isSmall = prefixLength >= SMALL_PREFIX_LENGTH;
  const type = oneOf(random, isSmall ? NODE_TYPES.slice(0, SMALL_SUBNET_NODE_TYPES) : NODE_TYPES);
  const slotsPerInterface = type.ipv4AddressesPerInterface - 1;
  const rules: PoolRules = {
    ...oneOf(random, WARM_TARGETS),
    mode: usesPrefixes ? 'prefixes' : 'addresses',
    networkInterfacesMax: type.networkInterfacesMax,
    slotsPerInterface,
    podsMax: usesPrefixes ? PODS_MAX_PREFIXES : type.networkInterfacesMax * slotsPerInterface + HOST_NETWORK_PODS,
  };
  return { rules, podsPerNode: wholeWithin(random, type.podsPerNode), nodes: [], draining: [], outdated: new Set() };
}

/** Load balancers, functions and what else has interfaces in the subnet. */
interface Extras {
  readonly random: Random;
  readonly fixed: number;
  readonly loadBalancers: number[];
  lambda: number;
  readonly addresses: number[];
}

function drawExtras(random: Random, space: AddressSpace): Extras {
  const fixed = wholeWithin(random, FIXED_ADDRESSES);
  const loadBalancers = Array.from({ length: wholeWithin(random, LOAD_BALANCERS) }, () =>
    wholeWithin(random, LOAD_BALANCER_ADDRESSES),
  );
  const extras = { random, fixed, loadBalancers, lambda: wholeWithin(random, LAMBDA_ADDRESSES), addresses: [] };
  settleExtras(extras, space);
  return extras;
}

function changeExtras(extras: Extras, space: AddressSpace): void {
  const { random, loadBalancers } = extras;
  for (const index of loadBalancers.keys()) {
    if (nextChance(random, EXTRAS_CHANGE_CHANCE)) {
      loadBalancers[index] = wholeWithin(random, LOAD_BALANCER_ADDRESSES);
    }
  }
  if (nextChance(random, EXTRAS_CHANGE_CHANCE)) {
    extras.lambda = wholeWithin(random, LAMBDA_ADDRESSES);
  }
  settleExtras(extras, space);
}

function settleExtras(extras: Extras, space: AddressSpace): void {
  const { addresses } = extras;
  const wanted = extras.fixed + extras.lambda + extras.loadBalancers.reduce((sum, each) => sum + each, 0);
  for (let index = addresses.indexOf(UNMET); index >= 0; index = addresses.indexOf(UNMET, index + 1)) {
    giveAddress(space, UNMET);
    addresses[index] = takeAddress(space);
  }
  while (addresses.length < wanted) {
    addresses.push(takeAddress(space));
  }
  while (addresses.length > wanted) {
    const address = addresses.pop();
    if (address !== undefined) {
      giveAddress(space, address);
    }
  }
}

function drawReservation(
  random: Random,
  space: AddressSpace,
): { readonly day: number; readonly blocks: number } | undefined {
  const day = wholeWithin(random, RESERVATION_DAY);
  const blocks = Math.ceil((within(random, RESERVATION_SHARE) * space.size) / BLOCK_ADDRESSES);
  return nextChance(random, RESERVATION_CHANCE) ? { day, blocks } : undefined;
}

function emptyTruth(): Truth {
  const steps = DAYS * STEPS_PER_DAY;
  return {
    capacity: new Int32Array(steps),
    held: new Int32Array(steps),
    wanted: new Int32Array(steps),
    prefixesLeft: new Int32Array(steps),
  };
}

function record(truth: Truth, step: number, space: AddressSpace): void {
  truth.capacity[step] = capacityOf(space);
  truth.held[step] = space.held;
  truth.wanted[step] = space.held + space.unmetAddresses;
  truth.prefixesLeft[step] = freeBlocks(space).length - space.unmetBlocks;
}

function eventsOf(
  toggleDay: number | undefined,
  reservationDay: number | undefined,
  clusterDeletedDay: number | undefined,
): GeneratedSubnet['events'] {
  const all = [
    { kind: 'prefix-mode-toggled', day: toggleDay },
    { kind: 'reservation-changed', day: reservationDay },
    { kind: 'cluster-deleted', day: clusterDeletedDay },
  ] as const;
  return all.flatMap(({ kind, day }) => (day === undefined ? [] : [{ kind, day }])).sort((a, b) => a.day - b.day);
}
