import { byteReader } from './byte-reader.ts';
import { byteWriter } from './byte-writer.ts';

/** Blocks of bytes as one: each can be read without the others, and copied as it is. */
export function joinBlocks(blocks: readonly Uint8Array[]): Uint8Array {
  const writer = byteWriter();
  writer.varint(blocks.length);
  for (const { byteLength } of blocks) {
    writer.varint(byteLength);
  }
  for (const block of blocks) {
    writer.raw(block);
  }
  return writer.bytes();
}

/** Opens what `joinBlocks` gave; throws where the bytes are anything else. */
export function openBlocks(bytes: Uint8Array): Blocks {
  const reader = byteReader(bytes);
  const lengths = reader.varints(reader.varint());
  const starts = [bytes.byteLength - reader.remaining()];
  let end = starts[0] ?? 0;
  for (const length of lengths) {
    end += length;
    starts.push(end);
  }
  if (end !== bytes.byteLength) {
    throw new Error(`the blocks end at ${end} of ${bytes.byteLength} bytes`);
  }
  return {
    count: lengths.length,
    at(index) {
      const start = starts[index];
      const stop = starts[index + 1];
      if (start === undefined || stop === undefined) {
        throw new RangeError(`Cannot read block ${index}: there are ${lengths.length}`);
      }
      return bytes.subarray(start, stop);
    },
  };
}

/** Opens what `joinBlocks` gave and cuts out all of it. */
export function allBlocks(bytes: Uint8Array): Uint8Array[] {
  const blocks = openBlocks(bytes);
  return Array.from({ length: blocks.count }, (_, index) => blocks.at(index));
}

/** Blocks that are cut out when they are asked for: of thousands a page needs a hundred. */
export interface Blocks {
  readonly count: number;
  /** Throws where there is no such block. */
  at(index: number): Uint8Array;
}
