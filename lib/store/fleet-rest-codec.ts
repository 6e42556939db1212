import { byteReader } from './byte-reader.ts';
import { byteWriter } from './byte-writer.ts';

/** The encoded states of a shard's VPCs, in the order of its rows: each can be read without the others, and copied as it is. */
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

/** Returns what `joinBlocks` was given; throws where the bytes are anything else. */
export function splitBlocks(bytes: Uint8Array): Uint8Array[] {
  const reader = byteReader(bytes);
  const count = reader.varint();
  if (count > reader.remaining()) {
    throw new Error(`${count} blocks cannot be in ${reader.remaining()} bytes`);
  }
  const lengths = Array.from({ length: count }, () => reader.varint());
  const blocks = lengths.map((length) => reader.raw(length));
  if (reader.remaining() > 0) {
    throw new Error(`${reader.remaining()} bytes are left over`);
  }
  return blocks;
}
