import { nextBelow, type Random } from '../../../lib/local/simulated-aws/build/random.ts';
import {
  type AddressSpace,
  BLOCK_ADDRESSES,
  giveAddress,
  giveBlock,
  takeAddress,
  takeBlock,
  UNMET,
} from './address-space.ts';
import type { WarmTargets } from './regimes.ts';

/**
 * The addresses of one node by the rules of the VPC CNI's ipamd, written from its code's rules and not from the closed form.
 * https://github.com/aws/amazon-vpc-cni-k8s/blob/master/pkg/ipamd/ipamd.go
 */

export interface PoolRules extends WarmTargets {
  readonly mode: 'addresses' | 'prefixes';
  readonly networkInterfacesMax: number;
  /** Addresses of an interface besides its primary one. */
  readonly slotsPerInterface: number;
  readonly podsMax: number;
}

/** What is taken and given back as one: an interface's addresses, a prefix, or one address where targets are set. */
interface Unit {
  /** Addresses, or one block. */
  readonly positions: number[];
  pods: number;
}

export interface NodePool {
  readonly rules: PoolRules;
  readonly primaries: number[];
  readonly units: Unit[];
  pods: number;
  /** Addresses for pods that the node has or wants. */
  slots: number;
}

/** Returns the pool of a new node with its first interface and what its settings keep warm. */
export function createPool(rules: PoolRules, space: AddressSpace): NodePool {
  const pool = { rules, primaries: [], units: [], pods: 0, slots: 0 };
  attachInterface(pool, space);
  if (rules.mode === 'addresses' && !hasTargets(rules)) {
    addInterfaceAddresses(pool, space);
  }
  grow(pool, space);
  return pool;
}

/** Starts pods on a node; the caller knows that they fit. The pool grows as it does between one pod and the next. */
export function startPods(pool: NodePool, count: number, space: AddressSpace): void {
  for (let each = 0; each < count; each += 1) {
    const unit = pool.units.find(({ pods, positions }) => pods < podsOf(pool.rules, positions));
    if (unit === undefined) {
      break;
    }
    unit.pods += 1;
    pool.pods += 1;
    grow(pool, space);
  }
}

/** Stops pods, any ones. Their addresses stay until `shrinkPool`: they cool down for 30 s. */
export function stopPods(pool: NodePool, count: number, random: Random): void {
  for (let each = 0; each < count && pool.pods > 0; each += 1) {
    let nth = nextBelow(random, pool.pods);
    const unit = pool.units.find(({ pods }) => {
      nth -= pods;
      return nth < 0;
    });
    if (unit !== undefined) {
      unit.pods -= 1;
      pool.pods -= 1;
    }
  }
}

/** Gives back what is too many, one unit at a time, and keeps what its rules keep. */
export function shrinkPool(pool: NodePool, space: AddressSpace): void {
  for (let unit = surplusUnit(pool); unit !== undefined; unit = surplusUnit(pool)) {
    pool.units.splice(pool.units.indexOf(unit), 1);
    pool.slots -= podsOf(pool.rules, unit.positions);
    giveUnit(pool.rules, unit, space);
    detachInterfaces(pool, space);
  }
}

/** Asks again for what was not there, as ipamd does every few seconds. */
export function retryUnmet({ rules, units, primaries }: NodePool, space: AddressSpace): void {
  for (const { positions } of units) {
    for (let index = positions.indexOf(UNMET); index >= 0; index = positions.indexOf(UNMET, index + 1)) {
      if (rules.mode === 'prefixes') {
        giveBlock(space, UNMET);
        positions[index] = takeBlock(space);
      } else {
        positions[index] = takeAgain(space);
      }
    }
  }
  for (let index = primaries.indexOf(UNMET); index >= 0; index = primaries.indexOf(UNMET, index + 1)) {
    primaries[index] = takeAgain(space);
  }
}

function takeAgain(space: AddressSpace): number {
  giveAddress(space, UNMET);
  return takeAddress(space);
}

/** Gives back all that a node has. */
export function deletePool(pool: NodePool, space: AddressSpace): void {
  for (const unit of pool.units) {
    giveUnit(pool.rules, unit, space);
  }
  for (const address of pool.primaries) {
    giveAddress(space, address);
  }
}

function podsOf({ mode }: PoolRules, positions: readonly number[]): number {
  return mode === 'prefixes' ? BLOCK_ADDRESSES : positions.length;
}

function hasTargets({ warmIpTarget, minimumIpTarget }: PoolRules): boolean {
  return warmIpTarget !== undefined || minimumIpTarget !== undefined;
}

function grow(pool: NodePool, space: AddressSpace): void {
  while (isTooLow(pool) && addUnit(pool, space)) {}
}

function isTooLow(pool: NodePool): boolean {
  const { rules } = pool;
  const total = pool.slots;
  const available = total - pool.pods;
  if (total >= rules.podsMax) {
    return false;
  }
  if (hasTargets(rules)) {
    // A target that is not set asks for nothing.
    return Math.max((rules.warmIpTarget ?? 0) - available, (rules.minimumIpTarget ?? 0) - total) > 0;
  }
  const [warm, unit] =
    rules.mode === 'prefixes'
      ? [rules.warmPrefixTarget, BLOCK_ADDRESSES]
      : [rules.warmEniTarget, rules.slotsPerInterface];
  return available < warm * unit || (warm === 0 && available === 0);
}

function addUnit(pool: NodePool, space: AddressSpace): boolean {
  const { rules } = pool;
  if (rules.mode === 'addresses' && !hasTargets(rules)) {
    return attachInterface(pool, space) && addInterfaceAddresses(pool, space);
  }
  if (pool.units.length >= pool.primaries.length * rules.slotsPerInterface && !attachInterface(pool, space)) {
    return false;
  }
  pushUnit(pool, [rules.mode === 'prefixes' ? takeBlock(space) : takeAddress(space)]);
  return true;
}

function attachInterface(pool: NodePool, space: AddressSpace): boolean {
  if (pool.primaries.length >= pool.rules.networkInterfacesMax) {
    return false;
  }
  pool.primaries.push(takeAddress(space));
  return true;
}

function addInterfaceAddresses(pool: NodePool, space: AddressSpace): true {
  pushUnit(
    pool,
    Array.from({ length: pool.rules.slotsPerInterface }, () => takeAddress(space)),
  );
  return true;
}

function pushUnit(pool: NodePool, positions: number[]): void {
  pool.units.push({ positions, pods: 0 });
  pool.slots += podsOf(pool.rules, positions);
}

function surplusUnit(pool: NodePool): Unit | undefined {
  const { rules, units } = pool;
  const total = pool.slots;
  const available = total - pool.pods;
  if (hasTargets(rules)) {
    const unit = rules.mode === 'prefixes' ? BLOCK_ADDRESSES : 1;
    // A target that is not set keeps nothing.
    const isKept = available - unit < (rules.warmIpTarget ?? 0) || total - unit < (rules.minimumIpTarget ?? 0);
    return isKept ? undefined : units.find(({ pods }) => pods === 0);
  }
  if (rules.mode === 'prefixes') {
    const empty = units.filter(({ pods }) => pods === 0);
    const isSurplus = empty.length > Math.max(rules.warmPrefixTarget, 1);
    return isSurplus && available - BLOCK_ADDRESSES >= rules.warmPrefixTarget * BLOCK_ADDRESSES ? empty[0] : undefined;
  }
  const isSurplus = units.length > 1 && available >= (rules.warmEniTarget + 1) * rules.slotsPerInterface;
  return isSurplus ? units.find(({ pods }) => pods === 0) : undefined;
}

/** Interfaces that no unit needs go; the first one is the node's own. */
function detachInterfaces(pool: NodePool, space: AddressSpace): void {
  const { rules, units, primaries } = pool;
  const perInterface = rules.mode === 'addresses' && !hasTargets(rules) ? 1 : rules.slotsPerInterface;
  while (primaries.length > Math.max(1, Math.ceil(units.length / perInterface))) {
    const primary = primaries.pop();
    if (primary !== undefined) {
      giveAddress(space, primary);
    }
  }
}

function giveUnit({ mode }: PoolRules, { positions }: Unit, space: AddressSpace): void {
  for (const position of positions) {
    if (mode === 'prefixes') {
      giveBlock(space, position);
    } else {
      giveAddress(space, position);
    }
  }
}
