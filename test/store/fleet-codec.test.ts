import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFleet } from '../../lib/audit/fleet.ts';
import { fleetColumns, vpcsOfColumns } from '../../lib/audit/fleet-columns.ts';
import type { FleetVpc, ShardOutline } from '../../lib/audit/fleet-shard.ts';
import { fleetVpc } from '../../lib/audit/fleet-vpc.ts';
import { idAt } from '../../lib/audit/id-column.ts';
import { summarizeFleet } from '../../lib/audit/summarize-fleet.ts';
import type { VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import { allBlocks, joinBlocks, openBlocks } from '../../lib/store/blocks.ts';
import {
  decodeFleetShards,
  decodeShardOutlines,
  encodedOutline,
  encodeFleetShard,
} from '../../lib/store/fleet-codec.ts';
import { compressMore } from '../../lib/store/fleet-parts.ts';
import {
  type EncodedStates,
  encodeFleetState,
  openClusterStates,
  openSubnetStates,
} from '../../lib/store/fleet-state-codec.ts';
import { withoutPredicted, withPredicted } from '../../lib/store/predicted-fields.ts';
import { arbitraryFleet, NOWS_MS } from '../audit/arbitrary-fleet.ts';
import { type RealisticFleet, realisticVpc } from '../helpers/realistic-fleet.ts';

const FLEET: RealisticFleet = {
  vpcCount: 64,
  subnetsPerVpc: 25,
  clusterCount: 80,
  observedAt: '2026-11-23T08:00:00.000Z',
  seed: 1,
};

const STATES = Array.from({ length: FLEET.vpcCount }, (_, index) => realisticVpc(FLEET, index));
const ROWS = STATES.map((state, index) =>
  fleetVpc(state, `5f0c6b1e-8d6a-4a3f-9b1a-${String(index).padStart(12, '0')}`),
);

/** The columns of an outline with texts in place of where these are. */
function plainOutline({ texts, vpcs, sums, subnets, clusters }: ShardOutline) {
  const textsAt = (places: Uint32Array) => Array.from(places, (place) => texts[place]);
  const { team, status, observedMs, usableAddressCount, addressesLeft, guestCount, guest } = subnets;
  return {
    vpcs: [vpcs.ownerId, vpcs.region].map(textsAt),
    vpcIds: Array.from(vpcs.ownerId, (_, row) => idAt(vpcs.vpcId, row)),
    ofVpcs: [vpcs.observedMs, vpcs.sumCount, vpcs.subnetCount, vpcs.clusterCount],
    sums: { ...sums, team: textsAt(sums.team) },
    subnets: [status, observedMs, usableAddressCount, addressesLeft, guestCount, textsAt(team), textsAt(guest)],
    clusters: [clusters.accountId, clusters.region, clusters.team].map(textsAt),
    ofClusters: [clusters.status, clusters.observedMs, clusters.bindingSubnet],
  };
}

/** What sums are for, since they are no part of what the columns were made of. */
function summaryOf(columns: ShardOutline) {
  const [nowMs = 0] = NOWS_MS;
  return summarizeFleet(createFleet(columns, { version: 'v1', rolledUpAt: '', scan: undefined }), {}, nowMs);
}

describe('the columns of a shard', () => {
  it('are the same VPCs again after encoding and decoding, in one shard or several', () => {
    fc.assert(
      fc.property(arbitraryFleet, fc.array(fc.nat(8), { maxLength: 4 }), (vpcs, cuts) => {
        const ends = [...cuts.toSorted((a, b) => a - b), vpcs.length];
        const shards = ends.map((end, index) => vpcs.slice(ends[index - 1] ?? 0, end));
        const { columns, vpcCounts } = decodeFleetShards(shards.map((shard) => encodeFleetShard(fleetColumns(shard))));
        expect(vpcsOfColumns(columns)).toEqual(vpcs);
        expect(summaryOf(columns)).toEqual(summaryOf(fleetColumns(vpcs)));
        expect([...vpcCounts]).toEqual(shards.map(({ length }) => length));
        expect([...columns.textPlaces]).toEqual(columns.texts.map((text, place) => [text, place]).slice(1));
      }),
    );
  });

  it('have an outline that says the same of each row, with the texts that it needs', () => {
    fc.assert(
      fc.property(arbitraryFleet, fc.nat(8), (vpcs, cut) => {
        const shards = [vpcs.slice(0, cut), vpcs.slice(cut)].map((shard) => encodeFleetShard(fleetColumns(shard)));
        const { columns: whole } = decodeFleetShards(shards);
        const { columns: outline, vpcCounts } = decodeShardOutlines(shards.map(encodedOutline));
        expect([...vpcCounts]).toEqual([Math.min(cut, vpcs.length), Math.max(0, vpcs.length - cut)]);
        expect(plainOutline(outline)).toEqual(plainOutline(whole));
        expect(summaryOf(outline)).toEqual(summaryOf(whole));
        expect(outline.texts.filter((text) => text.startsWith('cluster-') || text.includes(':'))).toEqual([]);
      }),
    );
  });

  it('have an outline that takes less than 4 bytes a subnet', () => {
    const stored = compressMore(encodedOutline(encodeFleetShard(fleetColumns(ROWS))));
    expect(stored.bytes.byteLength / (FLEET.vpcCount * FLEET.subnetsPerVpc)).toBeLessThan(4);
  });

  it('keep numbers exactly that no count of EC2 is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.maxSafeInteger(), fc.constant(Number.NaN)), (value) => {
        const shard = fleetColumns(ROWS.slice(0, 2));
        const columns = { ...shard, vpcs: { ...shard.vpcs, firstObservedMs: Float64Array.of(value, 0) } };
        expect(decodeFleetShards([encodeFleetShard(columns)]).columns.vpcs.firstObservedMs).toEqual(
          columns.vpcs.firstObservedMs,
        );
      }),
    );
  });

  it('take less than 18 bytes a subnet, ids and all', () => {
    const stored = compressMore(encodeFleetShard(fleetColumns(ROWS)));
    expect(stored.bytes.byteLength / (FLEET.vpcCount * FLEET.subnetsPerVpc)).toBeLessThan(18);
  });

  it('are refused where they were cut or added to', () => {
    const bytes = encodeFleetShard(fleetColumns(ROWS.slice(0, 2)));
    for (let length = 0; length < bytes.byteLength; length += 7) {
      expect(() => decodeFleetShards([bytes.subarray(0, length)])).toThrow();
    }
    const [outline = fail(), details = fail()] = allBlocks(bytes);
    const longer = (part: Uint8Array) => Buffer.concat([part, Buffer.of(0)]);
    expect(() => decodeFleetShards([joinBlocks([longer(outline), details])])).toThrow('1 bytes are left over');
    expect(() => decodeFleetShards([joinBlocks([outline, longer(details)])])).toThrow('1 bytes are left over');
    expect(() => decodeShardOutlines([longer(outline)])).toThrow('1 bytes are left over');
    for (let length = 0; length < outline.byteLength; length += 7) {
      expect(() => decodeShardOutlines([outline.subarray(0, length)])).toThrow();
    }
  });
});

describe('the states of a shard', () => {
  it('are the same again, given their rows, without what is gone', () => {
    STATES.forEach((state, index) => {
      const row = ROWS[index] ?? fail();
      const gone = [{ kind: 'subnet', id: 'subnet-1', lastObservedAt: '', goneAt: '' }] as const;
      expect(decoded(encodeFleetState({ ...state, gone }, row), row)).toEqual(rowStatesOf(state));
    });
  });

  it('keep what their rows do not foretell', () => {
    const [state = fail()] = STATES;
    const [first = fail(), ...others] = state.subnets;
    const odd = {
      ...state,
      subnets: [
        {
          ...first,
          subnet: { ...first.subnet, subnetArn: undefined, ipv6Native: true, ownerId: 'another', state: undefined },
          viewerAccountIds: [],
          networkInterfacesObservedAt: undefined,
          capacity: undefined,
          leakedNetworkInterfaceIds: ['eni-1'],
          problems: ['a "problem"'],
        },
        ...others.map((subnet) => ({
          ...subnet,
          capacity: {
            source: 'available-ip-address-count',
            usableAddressCount: 251,
            availableIpAddressCount: 300,
            maxPrefixCount: 7,
            pulse: { availableIpAddressCount: 9, observedAt: '2026-11-23T08:15:00.000Z' },
          } as const,
        })),
      ],
    };
    const row = fleetVpc(odd, 'v1');
    expect(decoded(encodeFleetState(odd, row), row)).toEqual(rowStatesOf(odd));
  });

  it('take less than 44 bytes a subnet, holders, tags and clusters included', () => {
    const blocks = STATES.map((state, index) => encodeFleetState(state, ROWS[index] ?? fail()));
    const stored = compressMore(
      joinBlocks([...blocks.map(({ subnets }) => subnets), ...blocks.map(({ clusters }) => clusters)]),
    );
    expect(stored.bytes.byteLength / (FLEET.vpcCount * FLEET.subnetsPerVpc)).toBeLessThan(44);
  });

  it('are refused where they are none, by writer and reader', () => {
    const [state = fail()] = STATES;
    const [row = fail()] = ROWS;
    // As an engine without types would hand it in.
    const broken = { ...state, settingsHash: 1 as unknown as string };
    expect(() => encodeFleetState(broken, row)).toThrow('settingsHash is no text');
    expect(() => decoded(encodeFleetState(state, row), { ...row, subnets: [] })).toThrow('has no row');
    expect(() => openSubnetStates(Buffer.of(0, 1, 0, 0))).toThrow();
    expect(() => openClusterStates(Buffer.of(0, 1, 0, 0))).toThrow();
  });
});

function rowStatesOf({ subnets, clusters }: VpcState) {
  return { subnets, clusters };
}

/** All states of a VPC; each is asked for twice, and is the same. */
function decoded(bytes: EncodedStates, { vpc, observedAt, subnets, clusters }: FleetVpc) {
  const ofSubnets = openSubnetStates(bytes.subnets);
  const ofClusters = openClusterStates(bytes.clusters);
  const subnetAt = (index: number) => ofSubnets.at(index, () => ({ vpc, observedAt, row: subnets[index] }));
  const clusterAt = (index: number) => ofClusters.at(index, () => ({ vpc, observedAt, row: clusters[index] }));
  expect(subnetAt(0)).toBe(subnetAt(0));
  return {
    subnets: Array.from({ length: ofSubnets.count }, (_, index) => subnetAt(index)),
    clusters: Array.from({ length: ofClusters.count }, (_, index) => clusterAt(index)),
  };
}

function fail(): never {
  throw new Error('Expected something to be there');
}

describe('blocks', () => {
  it('are the same again', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (blocks) => {
        const opened = openBlocks(joinBlocks(blocks));
        const again = Array.from({ length: opened.count }, (_, index) => [...opened.at(index)]);
        expect(again).toEqual(blocks.map((block) => [...block]));
        expect(() => opened.at(blocks.length)).toThrow(`Cannot read block ${blocks.length}`);
      }),
    );
  });

  it('are refused where they were cut', () => {
    const bytes = joinBlocks([Buffer.of(1, 2, 3), Buffer.of(4)]);
    for (let length = 0; length < bytes.byteLength; length += 1) {
      expect(() => openBlocks(bytes.subarray(0, length))).toThrow();
    }
  });
});

describe('predicted fields', () => {
  const leaf = fc.oneof(
    fc.constantFrom(undefined, null, 0, -0, Number.NaN, '', 'a'),
    fc.array(fc.nat(2), { maxLength: 2 }),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.record({ a: tie('any'), b: tie('any'), c: tie('any') }, { noNullPrototype: true }),
    any: fc.oneof({ maxDepth: 2 }, leaf, tie('value')),
  }));

  it('come back as they were, whatever was predicted', () => {
    fc.assert(
      fc.property(value, value, (own, other) => {
        // Both are records, as the arbitrary makes them.
        const [record, predicted] = [own as Record<string, unknown>, other as Record<string, unknown>];
        expect(withPredicted(withoutPredicted(record, predicted), predicted)).toStrictEqual(record);
      }),
    );
  });

  it('leave nothing where all was predicted', () => {
    expect(withoutPredicted({ a: 1, b: { c: [1, 2] } }, { a: 1, b: { c: [1, 2] } })).toEqual({ b: {} });
  });
});
