import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AddressPool,
  addressPool,
  freeBlockOffset,
  freeOffset,
  hold,
  holdBlock,
  release,
  releaseBlock,
  reserve,
} from '../../../lib/local/simulated-aws/build/address-pool.ts';
import { addressNumber, addressText } from '../../../lib/local/simulated-aws/build/cidr-addresses.ts';
import { type Random, randomOf } from '../../../lib/local/simulated-aws/build/random.ts';

const FIRST = addressNumber('10.0.0.0');
const SIZE = 128;

interface Reservation {
  readonly first: number;
  readonly size: number;
  readonly type: 'prefix' | 'explicit';
}

/** Reservations of a /25 that do not overlap: one of each half at most. */
const reservations = fc
  .tuple(
    fc.option(
      fc.record({ place: fc.nat(3), size: fc.constantFrom(4, 16, 64), type: fc.constantFrom('prefix', 'explicit') }),
    ),
    fc.option(
      fc.record({ place: fc.nat(3), size: fc.constantFrom(4, 16, 64), type: fc.constantFrom('prefix', 'explicit') }),
    ),
  )
  .map((halves) =>
    halves.flatMap((each, half): Reservation[] =>
      each === null
        ? []
        : [
            {
              first: half * 64 + ((each.place * each.size) % 64),
              size: each.size,
              type: each.type as Reservation['type'],
            },
          ],
    ),
  );

function poolWith(reserved: readonly Reservation[]): AddressPool {
  const pool = addressPool('10.0.0.0/25');
  for (const { first, size, type } of reserved) {
    reserve(pool, `${addressText(FIRST + first)}/${32 - Math.log2(size)}`, type);
  }
  return pool;
}

const OFFSETS = Array.from({ length: SIZE }, (_, offset) => offset);

/** What the pool should say, walking through every address. */
function enumerated(used: ReadonlySet<number>, reserved: readonly Reservation[]) {
  const aws = new Set([0, 1, 2, 3, SIZE - 1]);
  const isUsed = (offset: number) => used.has(offset) || aws.has(offset);
  const reservationOf = (offset: number) =>
    reserved.find(({ first, size }) => offset >= first && offset < first + size);
  const single = OFFSETS.filter((offset) => !isUsed(offset) && reservationOf(offset) === undefined);
  const blocks = Array.from({ length: SIZE / 16 }, (_, block) => OFFSETS.slice(block * 16, block * 16 + 16));
  const whole = blocks.filter((block) => !block.some(isUsed));
  const starts = (chosen: readonly number[][]) => chosen.map(([start]) => start);
  const inPrefix = whole.filter((block) =>
    reserved.some((each) => each.type === 'prefix' && block.every((offset) => reservationOf(offset) === each)),
  );
  const outside = whole.filter((block) => block.every((offset) => reservationOf(offset) === undefined));
  return { single, blockStarts: starts(inPrefix.length > 0 ? inPrefix : outside) };
}

/** A pool beside what it should hold. */
interface Trial {
  readonly pool: AddressPool;
  readonly random: Random | undefined;
  readonly reserved: readonly Reservation[];
  readonly used: Set<number>;
  readonly singles: number[];
  readonly blocks: number[];
}

function blockAt(start: number): readonly number[] {
  return OFFSETS.slice(start, start + 16);
}

const STEPS: Readonly<Record<string, (trial: Trial) => void>> = {
  'take an address'({ pool, random, reserved, used, singles }) {
    const { single } = enumerated(used, reserved);
    const offset = freeOffset(pool, random);
    if (offset === undefined) {
      expect(single).toEqual([]);
      return;
    }
    expect(random === undefined ? single.slice(0, 1) : single).toContain(offset);
    expect(hold(pool, offset)).toBe(true);
    expect(hold(pool, offset)).toBe(false);
    singles.push(offset);
    used.add(offset);
  },
  'take a block'({ pool, random, reserved, used, blocks }) {
    const { blockStarts } = enumerated(used, reserved);
    const start = freeBlockOffset(pool, random);
    if (start === undefined) {
      expect(blockStarts).toEqual([]);
      return;
    }
    expect(random === undefined ? blockStarts.slice(0, 1) : blockStarts).toContain(start);
    holdBlock(pool, start);
    blocks.push(start);
    for (const offset of blockAt(start)) {
      used.add(offset);
    }
  },
  'give an address back'({ pool, used, singles }) {
    const offset = singles.shift();
    if (offset !== undefined) {
      release(pool, offset);
      used.delete(offset);
    }
  },
  'give a block back'({ pool, used, blocks }) {
    const start = blocks.shift();
    if (start !== undefined) {
      releaseBlock(pool, start);
      for (const offset of blockAt(start)) {
        used.delete(offset);
      }
    }
  },
};

describe('the addresses of a subnet', () => {
  it('are given and counted as walking through all of them says', () => {
    const steps = fc.array(fc.constantFrom(...Object.values(STEPS)), { maxLength: 80 });
    fc.assert(
      fc.property(reservations, steps, fc.option(fc.nat()), (reserved, sequence, seed) => {
        const pool = poolWith(reserved);
        const random = seed === null ? undefined : randomOf(seed);
        const trial: Trial = { pool, random, reserved, used: new Set(), singles: [], blocks: [] };
        for (const step of sequence) {
          step(trial);
          expect(pool.freeCount).toBe(enumerated(trial.used, reserved).single.length);
        }
      }),
    );
  });

  it('are placed everywhere at random, and the same way for the same seed', () => {
    const placed = (seed: number) => {
      const pool = addressPool('10.0.0.0/24');
      const random = randomOf(seed);
      return Array.from({ length: 251 }, () => {
        const offset = freeOffset(pool, random);
        expect(offset !== undefined && hold(pool, offset)).toBe(true);
        return offset;
      });
    };
    expect(placed(1)).toEqual(placed(1));
    expect(placed(1)).not.toEqual(placed(2));
    expect(new Set(placed(1)).size).toBe(251);
    const firstTen = placed(1).slice(0, 10);
    expect(Math.max(...firstTen.map(Number)) - Math.min(...firstTen.map(Number))).toBeGreaterThan(100);
  });

  it('cannot be given back twice', () => {
    const pool = addressPool('10.0.0.0/28');
    hold(pool, 5);
    release(pool, 5);
    expect(() => release(pool, 5)).toThrow('nothing holds it');
  });
});
