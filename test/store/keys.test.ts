import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chunkKey,
  chunkPrefix,
  clusterLocationKey,
  encodeKeyPart,
  leaseKey,
  lentVpcKey,
  listedRunKey,
  outcomesKey,
  runPlanKey,
  runPrefix,
  STATE_PARTITION_COUNT,
  seriesDayKey,
  slotFactsKey,
  slotFactsPrefix,
  stateBaseKey,
  stateKey,
  statePartition,
  subnetLocationKey,
  targetMemoryKey,
  targetPrefix,
  viewerPlaceKey,
  viewerPlacePrefix,
} from '../../lib/store/keys.ts';

const PK_BYTES_MAX = 2_048;
const SK_BYTES_MAX = 1_024;

/** Any UTF-16 text, lone surrogates and the characters that keys are made of included; often nearly the same twice. */
const hostile = fc.oneof(
  fc.string({
    unit: fc.constantFrom('#', '%', '=', '0', '2', '3', 'a', '\u0023', '\uD83D', '\uDE00', ' ', '\n'),
    maxLength: 8,
  }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.nat({ max: 400 }).map((length) => '#'.repeat(length)),
);

describe('a part of a key', () => {
  it('is the same for the same text only', () => {
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        expect(encodeKeyPart(a) === encodeKeyPart(b)).toBe(a === b);
      }),
      { numRuns: 2_000 },
    );
  });

  it('has no separator in it, is never empty and of bounded ASCII', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(encodeKeyPart(text)).toMatch(/^[A-Za-z0-9._:%=-]{1,160}$/);
      }),
    );
  });

  it.each([
    ['eni-0a1b', 'eni-0a1b'],
    ['2026-11-23T08:00:00.000Z', '2026-11-23T08:00:00.000Z'],
    ['', '%'],
    ['%', '%0025'],
    ['a#b', 'a%0023b'],
    ['x'.repeat(160), 'x'.repeat(160)],
    ['x'.repeat(161), '=fdb7f3c40645e79ca4c5d1638753243ccb283f5dd126ceb21de5fa7d40953c65'],
  ])('of "%s" is "%s"', (text, part) => {
    expect(encodeKeyPart(text)).toBe(part);
  });
});

describe('keys', () => {
  const parts = fc.array(hostile, { minLength: 7, maxLength: 7 });

  function keysOf([ownerId = '', region = '', vpcId = '', viewer = '', kind = '', at = '', requestId = '']: string[]) {
    const vpc = { ownerId, region, vpcId };
    const place = viewerPlaceKey(vpc, viewer);
    const slot = slotFactsKey(vpc, viewer, 'scan', { kind, at, requestId });
    const base = stateBaseKey(vpc, kind);
    const places = [stateKey(vpc), subnetLocationKey(vpcId), clusterLocationKey(vpcId)];
    return [
      place,
      slot,
      chunkKey(place, kind, 0),
      chunkKey(slot, kind, 99_999),
      base,
      chunkKey(base, kind, 1),
      ...places,
    ];
  }

  it('differ where any part differs, whatever the parts hold', () => {
    fc.assert(
      fc.property(parts, fc.nat({ max: 6 }), hostile, (own, index, text) => {
        fc.pre(own[index] !== text);
        const [, slot] = keysOf(own);
        const [, other] = keysOf(own.with(index, text));
        expect(slot).not.toEqual(other);
      }),
    );
  });

  it('fit what DynamoDB takes', () => {
    fc.assert(
      fc.property(parts, (own) => {
        for (const { pk, sk } of keysOf(own)) {
          expect(Buffer.byteLength(pk)).toBeLessThanOrEqual(PK_BYTES_MAX);
          expect(Buffer.byteLength(sk)).toBeLessThanOrEqual(SK_BYTES_MAX);
        }
      }),
    );
  });

  it('of the ledger and of series differ where any part does, whatever the parts hold, and fit', () => {
    const keysOfThree = ([a = '', b = '', c = '']: string[]) => [
      listedRunKey({ kind: a, at: b, requestId: c }),
      runPlanKey({ kind: a, at: b, requestId: c }),
      outcomesKey({ kind: a, at: b, requestId: c }, 'plan'),
      lentVpcKey({ accountId: a, region: b }, c),
      seriesDayKey({ ownerId: a, region: b, vpcId: c }, '2026-11-23'),
    ];
    const three = fc.array(hostile, { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(three, fc.nat({ max: 2 }), hostile, (own, index, text) => {
        fc.pre(own[index] !== text);
        const [accountId = '', region = ''] = own;
        const once = [targetMemoryKey({ accountId, region }), leaseKey(accountId)];
        const keys = [...keysOfThree(own), ...keysOfThree(own.with(index, text)), ...once];
        expect(new Set(keys.map(({ pk, sk }) => JSON.stringify([pk, sk]))).size).toBe(keys.length);
        for (const { pk, sk } of keys) {
          expect(Buffer.byteLength(pk)).toBeLessThanOrEqual(PK_BYTES_MAX);
          expect(Buffer.byteLength(sk)).toBeLessThanOrEqual(SK_BYTES_MAX);
        }
      }),
    );
  });

  it('of one prefix are the documents of one run or target, and no chunk of them', () => {
    const slot = { kind: 'scan', at: '2026-11-23T08:00:00.000Z', requestId: '' };
    const target = { accountId: '1', region: 'r' };
    for (const [prefix, documents] of [
      [runPrefix(slot), [runPlanKey(slot), outcomesKey(slot, 'digest')]],
      [targetPrefix(target), [targetMemoryKey(target), lentVpcKey(target, 'vpc-1')]],
    ] as const) {
      for (const key of documents) {
        expect(key.pk).toBe(prefix.pk);
        expect(key.sk.startsWith(prefix.sk)).toBe(true);
        expect(chunkKey(key, 'g', 0).sk.startsWith(prefix.sk)).toBe(false);
      }
    }
  });

  it('of one prefix are the places of one VPC, and no slot or chunk of it', () => {
    const vpc = { ownerId: '1', region: 'r', vpcId: 'v' };
    const { sk: prefix } = viewerPlacePrefix(vpc);
    const place = viewerPlaceKey(vpc, 'viewer');
    const slot = slotFactsKey(vpc, 'viewer', 'scan', { kind: 'scan', at: '0', requestId: '' });
    expect(place.sk.startsWith(prefix)).toBe(true);
    expect(slot.sk.startsWith(prefix)).toBe(false);
    expect(chunkKey(place, 'g', 0).sk.startsWith(prefix)).toBe(false);
  });

  it('of one prefix are the slots of one viewer and series, in the order of their times, and no chunk', () => {
    const vpc = { ownerId: '1', region: 'r', vpcId: 'v' };
    fc.assert(
      fc.property(hostile, hostile, fc.constantFrom('scan', 'pulse'), (viewer, other, series) => {
        const { sk: prefix } = slotFactsPrefix(vpc, viewer, 'scan');
        const slot = slotFactsKey(vpc, other, series, { kind: series, at: '0', requestId: '' });
        expect(slot.sk.startsWith(prefix)).toBe(viewer === other && series === 'scan');
        expect(chunkKey(slot, 'g', 0).sk.startsWith(prefix)).toBe(false);
      }),
    );
    const keys = ['2026-11-23T08:00:00.000Z', '2026-11-23T09:00:00.000Z'].flatMap((at) => [
      slotFactsKey(vpc, 'a', 'scan', { kind: 'request', at, requestId: 'r' }).sk,
      slotFactsKey(vpc, 'a', 'scan', { kind: 'scan', at, requestId: '' }).sk,
    ]);
    expect(keys.toSorted()).toEqual(keys);
  });

  it('of states lie in eight partitions, each VPC in one, all under its prefix, bases and chunks apart', () => {
    const partitions = Array.from({ length: STATE_PARTITION_COUNT }, (_, index) => statePartition(index));
    const used = new Set<string>();
    fc.assert(
      fc.property(hostile, hostile, hostile, hostile, (ownerId, region, vpcId, name) => {
        const vpc = { ownerId, region, vpcId };
        const key = stateKey(vpc);
        expect(stateKey({ ...vpc })).toEqual(key);
        const [partition, ...others] = partitions.filter(({ pk, sk }) => pk === key.pk && key.sk.startsWith(sk));
        expect([partition?.pk, others]).toEqual([key.pk, []]);
        const base = stateBaseKey(vpc, name);
        // What a state is a difference to lies in its partition, and is listed as no state.
        expect([base.pk, base.sk.startsWith(partition?.sk ?? '')]).toEqual([key.pk, false]);
        expect(chunkKey(key, name, 0).sk.startsWith(partition?.sk ?? '')).toBe(false);
        used.add(key.pk);
      }),
    );
    expect(used.size).toBe(STATE_PARTITION_COUNT);
  });

  it('of states and of where things are differ where any part differs', () => {
    fc.assert(
      fc.property(parts, fc.nat({ max: 2 }), hostile, (own, index, text) => {
        fc.pre(own[index] !== text);
        const vpcIn = ([ownerId = '', region = '', vpcId = '']: string[]) => ({ ownerId, region, vpcId });
        expect(stateKey(vpcIn(own)).sk).not.toBe(stateKey(vpcIn(own.with(index, text))).sk);
        expect(stateBaseKey(vpcIn(own), text)).not.toEqual(stateBaseKey(vpcIn(own), own[index] ?? ''));
        expect(subnetLocationKey(own[index] ?? '')).not.toEqual(subnetLocationKey(text));
        expect(clusterLocationKey(own[index] ?? '')).not.toEqual(clusterLocationKey(text));
        expect(clusterLocationKey(text)).not.toEqual(subnetLocationKey(text));
      }),
    );
  });

  it('of the chunks of a document never begin as those of another', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (sk, generation, tail) => {
        const { sk: prefix } = chunkPrefix({ pk: 'p', sk }, generation);
        const other = chunkKey({ pk: 'p', sk: `${sk}#${generation}${tail}` }, generation, 0);
        expect(other.sk.startsWith(prefix)).toBe(false);
      }),
    );
  });

  it('of chunks sort by their numbers', () => {
    const keys = [0, 9, 10, 99, 100].map((index) => chunkKey({ pk: 'p', sk: 's' }, 'g', index).sk);
    expect(keys.toSorted()).toEqual(keys);
  });
});
