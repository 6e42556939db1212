import { excludeCidr } from 'cidr-tools';
import { addressBlocks } from '../../lib/domain/address/address-blocks.ts';
import type { AddressHolder } from '../../lib/domain/address/address-holder.ts';
import { type AddressMapInput, createAddressMap } from '../../lib/domain/address/address-map.ts';
import { type Cidr, cidrSize, formatCidr } from '../../lib/domain/address/cidr.ts';
import { formatIpv4, type Ipv4Address } from '../../lib/domain/address/ipv4.ts';
import { bruteForceFigures } from '../domain/address/brute-force.ts';

/** Medians in milliseconds of one subnet, and how many times longer the others take than the map without owners. */
export interface SubnetBench {
  readonly cidr: string;
  readonly usedAddressCount: number;
  readonly holderCount: number;
  readonly freePrefixCount: number;
  readonly mapMs: number;
  /** The map and every block with its holders. */
  readonly mapWithBlocksMs: number;
  readonly bruteForceMs: number;
  /** `excludeCidr` of cidr-tools, from text; its input is made outside the measured time. */
  readonly cidrToolsMs: number;
  readonly bruteForceRatio: number;
  readonly cidrToolsRatio: number;
}

export interface BenchResult {
  readonly subnets: readonly SubnetBench[];
  readonly fleet: { readonly subnetCount: number; readonly addressCount: number; readonly totalMs: number };
  /** Resident memory before and after 1,000 maps of a /16, after as many to warm up. */
  readonly memory: { readonly mapCount: number; readonly rssGrowthBytes: number };
}

const USED_RATIO = 0.9;
const ADDRESSES_PER_HOLDER = 15;
const PREFIX_LENGTHS = [24, 20, 18, 16];
/** 172.16.0.0, above 31 bits: V8 keeps such integers as floats, so this is the slower half of the address space. */
const BASE: Ipv4Address = 0xac100000;

/** Measures address maps of one subnet by several methods, of a fleet, and their memory. All in one process, one after the other. */
export function benchAddressMap(): BenchResult {
  return { subnets: PREFIX_LENGTHS.map(benchSubnet), fleet: benchFleet(), memory: benchMemory() };
}

/** Each method runs this long unmeasured, then this long and at least this often measured. */
const WARM_UP_MS = 200;
const MEASURED_MS = 400;
const MEASURED_MIN = 5;

function medianMs(run: () => unknown): number {
  const started = performance.now();
  do {
    run();
  } while (performance.now() - started < WARM_UP_MS);
  const durations: number[] = [];
  const measuredFrom = performance.now();
  while (durations.length < MEASURED_MIN || performance.now() - measuredFrom < MEASURED_MS) {
    const before = performance.now();
    run();
    durations.push(performance.now() - before);
  }
  durations.sort((a, b) => a - b);
  return durations[durations.length >>> 1] ?? Number.NaN;
}

function benchSubnet(prefixLength: number): SubnetBench {
  const cidr = { base: BASE, prefixLength };
  const input = inputOf(cidr, USED_RATIO);
  const texts = input.holders.flatMap((holder) => holder.privateIpAddresses.map(formatIpv4));
  const reserved = [0, 1, 2, 3, cidrSize(cidr) - 1].map((offset) => formatIpv4(cidr.base + offset));
  const freePrefixCount = createAddressMap(input).freePrefixCountGeneral;
  const theirs = freePrefixCountOf(excludeCidr(formatCidr(cidr), [...texts, ...reserved]));
  if (theirs !== freePrefixCount) {
    throw new Error(`Cannot compare on "${formatCidr(cidr)}": ${freePrefixCount} free blocks here, ${theirs} there`);
  }
  const mapMs = medianMs(() => createAddressMap(input));
  const bruteForceMs = medianMs(() => bruteForceFigures(input));
  const cidrToolsMs = medianMs(() => freePrefixCountOf(excludeCidr(formatCidr(cidr), [...texts, ...reserved])));
  return {
    cidr: formatCidr(cidr),
    usedAddressCount: texts.length,
    holderCount: input.holders.length,
    freePrefixCount,
    mapMs,
    mapWithBlocksMs: medianMs(() => addressBlocks(createAddressMap(input), input.holders)),
    bruteForceMs,
    cidrToolsMs,
    bruteForceRatio: bruteForceMs / mapMs,
    cidrToolsRatio: cidrToolsMs / mapMs,
  };
}

function freePrefixCountOf(cidrs: readonly string[]): number {
  return cidrs
    .map((cidr) => Number(cidr.split('/')[1]))
    .filter((prefixLength) => prefixLength <= 28)
    .reduce((count, prefixLength) => count + 2 ** (28 - prefixLength), 0);
}

/** Returns a subnet with this share of its addresses used, scattered, but the top sixteenth free so that blocks are left. */
function inputOf(cidr: Cidr, usedRatio: number): AddressMapInput {
  const size = cidrSize(cidr);
  const candidates = Array.from({ length: size - size / 16 - 4 }, (_, index) => cidr.base + 4 + index);
  shuffle(candidates);
  const used = candidates.slice(0, Math.round(size * usedRatio));
  const holders: AddressHolder[] = [];
  for (let first = 0; first < used.length; first += ADDRESSES_PER_HOLDER) {
    holders.push({ privateIpAddresses: used.slice(first, first + ADDRESSES_PER_HOLDER), ipv4Prefixes: [] });
  }
  return { cidr, holders, reservations: [] };
}

/** Fisher-Yates by a linear congruential generator: the same order on every run. */
function shuffle(numbers: number[]): void {
  let state = 20_260_820;
  for (let last = numbers.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (last + 1));
    [numbers[last], numbers[other]] = [numbers[other] ?? 0, numbers[last] ?? 0];
  }
}

const FLEET_PREFIX_LENGTHS = [24, 23, 22, 21, 20];
/** 38 % of subnets evenly /24 to /20 is 603 addresses each: 60 million in 100,000. */
const FLEET_USED_RATIO = 0.38;
const FLEET_SUBNETS = 100_000;
/** That many different subnets are kept, 10 MB of addresses and so beyond the second-level cache, and mapped in turn. */
const FLEET_DISTINCT_SUBNETS = 2000;

function benchFleet(): BenchResult['fleet'] {
  const inputs = Array.from({ length: FLEET_DISTINCT_SUBNETS }, (_, index) => {
    const prefixLength = FLEET_PREFIX_LENGTHS[index % FLEET_PREFIX_LENGTHS.length] ?? Number.NaN;
    return inputOf({ base: BASE + index * 4096, prefixLength }, FLEET_USED_RATIO);
  });
  let addressCount = 0;
  const started = performance.now();
  for (let subnet = 0; subnet < FLEET_SUBNETS; subnet += 1) {
    const input = inputs[subnet % FLEET_DISTINCT_SUBNETS];
    addressCount += input === undefined ? Number.NaN : createAddressMap(input).usedAddressCount;
  }
  return { subnetCount: FLEET_SUBNETS, addressCount, totalMs: performance.now() - started };
}

const MEMORY_MAPS = 1000;

function benchMemory(): BenchResult['memory'] {
  const input = inputOf({ base: BASE, prefixLength: 16 }, USED_RATIO);
  const createMaps = (): void => {
    for (let map = 0; map < MEMORY_MAPS; map += 1) {
      createAddressMap(input);
    }
  };
  createMaps();
  const rssBefore = process.memoryUsage.rss();
  createMaps();
  return { mapCount: MEMORY_MAPS, rssGrowthBytes: process.memoryUsage.rss() - rssBefore };
}
