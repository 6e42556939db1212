import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { SeriesSample } from '../domain/trend/series.ts';
import { applyDifference, CODECS, compress, decompress, difference } from './compression.ts';
import { encodeSeries, SERIES_DOCUMENT } from './series-codec.ts';
import type { Item } from './table.ts';

/**
 * Samples that wait in the item of a state until they join their day: it is written with each judgement anyway, and a few of them
 * take no unit more of it as a rule. Readers of the series read them there.
 */
const ATTRIBUTE = 'waiting';
/** As a difference to a sample that says nothing, whose names need not be told: 340 bytes of 12 subnets in place of 450. */
const TYPICAL_CODEC = 'typical';
const TYPICAL_BYTES = encodeSeries([
  {
    observedAt: '2026-01-01T00:00:00.000Z',
    kind: 'scan',
    viewerAccountId: '000000000000',
    points: new Map([
      [
        'subnet-00000000000000000',
        {
          availableIpAddressCount: 251,
          usedAddressCount: 0,
          freeAddressCount: 251,
          reservedAddressCount: 0,
          freePrefixCount: 14,
          freePrefixCountMost: 14,
          strandedAddressCount: 0,
        },
      ],
    ]),
  },
]);
/** Far more than a few samples of a VPC take. */
const BYTE_COUNT_MAX = 16 * 1024 * 1024;

/** Returns the attributes that hold samples; none where there are none. */
export function waitingAttributes(samples: readonly SeriesSample[]): Item {
  if (samples.length === 0) {
    return {};
  }
  const bytes = encodeSeries(samples);
  const smaller = difference(bytes, TYPICAL_BYTES);
  const packed = smaller === undefined ? compress(bytes) : { codec: TYPICAL_CODEC, bytes: smaller };
  return {
    [ATTRIBUTE]: { L: [{ N: String(SERIES_DOCUMENT.schemaVersion) }, { S: packed.codec }, { B: packed.bytes }] },
  };
}

/** Returns about how many bytes such attributes take. */
export function waitingBytes(attributes: Item): number {
  return attributes[ATTRIBUTE]?.L?.reduce((sum, { B: bytes }) => sum + (bytes?.byteLength ?? 0), 0) ?? 0;
}

/** Reads the samples that an item holds. Throws where it holds some that this version cannot read. */
export function waitingIn(item: Item): readonly SeriesSample[] {
  const waiting = item[ATTRIBUTE];
  return waiting === undefined ? [] : unpacked(waiting);
}

function unpacked({ L: parts = [] }: AttributeValue): readonly SeriesSample[] {
  const [version, codec, packed] = [parts[0]?.N, parts[1]?.S, parts[2]?.B];
  if (packed === undefined || version !== String(SERIES_DOCUMENT.schemaVersion)) {
    throw new Error(
      `Cannot read the samples that wait with a state: their version is "${version}", this code reads ${SERIES_DOCUMENT.schemaVersion}`,
    );
  }
  if (codec === TYPICAL_CODEC) {
    return SERIES_DOCUMENT.decode(applyDifference(packed, TYPICAL_BYTES, BYTE_COUNT_MAX));
  }
  const known = CODECS.find((name) => name === codec);
  if (known === undefined) {
    throw new Error(`Cannot read the samples that wait with a state: nothing here knows how "${codec}" packs`);
  }
  return SERIES_DOCUMENT.decode(decompress({ codec: known, bytes: packed }, BYTE_COUNT_MAX));
}
