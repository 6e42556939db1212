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
/**
 * As a difference to a sample of one subnet that says nothing, so that the names of fields need not be told: 340 bytes of 12
 * subnets in place of 450.
 */
const TYPICAL_CODEC = 'typical';
/** That sample as `encodeSeries` writes it, in base64. What waits is kept as the difference to these very bytes: they never change. */
const TYPICAL_BASE64 =
  'CxgKIBIQDggYMAwMb2JzZXJ2ZWRBdE1za2luZHN2aWV3ZXJBY2NvdW50SWRzc3VibmV0SWRzcHJlc2VuY2Vjb2x1bW5zc2NhbjAwMDAwMDAwMD' +
  'AwMHN1Ym5ldC0wMDAwMDAwMDAwMDAwMDAwMHBsYWNlc3ZhbHVlcwEIBgABAgMEBQABBgABAQMAgKDV7e5mAQYAAQEFAAwBBgABAQUADgEGAAEB' +
  'BQAQAQgCCQoAAQYAAQEDAAABBgABAQMAgAEBBgAHAQgCCQoAAAAAAAAAAQYAAAAAAAAAAQEBAQEBAQEDAAAAAAAAAAAAAAAAAAABBgAAAAAAAA' +
  'ABAQEBAQEBAQMAAAAAAAAA9gMA9QMAHBsA';
/** Far more than a few samples of a VPC take. */
const BYTE_COUNT_MAX = 16 * 1024 * 1024;

/** Returns the attributes that hold samples; none where there are none. */
export function waitingAttributes(samples: readonly SeriesSample[]): Item {
  if (samples.length === 0) {
    return {};
  }
  const bytes = encodeSeries(samples);
  const smaller = difference(bytes, typicalBytes());
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
    return SERIES_DOCUMENT.decode(applyDifference(packed, typicalBytes(), BYTE_COUNT_MAX));
  }
  const known = CODECS.find((name) => name === codec);
  if (known === undefined) {
    throw new Error(`Cannot read the samples that wait with a state: nothing here knows how "${codec}" packs`);
  }
  return SERIES_DOCUMENT.decode(decompress({ codec: known, bytes: packed }, BYTE_COUNT_MAX));
}

function typicalBytes(): Uint8Array {
  return Buffer.from(TYPICAL_BASE64, 'base64');
}
