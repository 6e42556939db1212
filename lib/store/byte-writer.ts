/** Bytes that grow at their end. */
export interface ByteWriter {
  /** Writes an integer from 0 to 2^53 - 1 in groups of seven bits, the lowest first: small ones take one byte. */
  varint(value: number): void;
  float64(value: number): void;
  raw(bytes: Uint8Array): void;
  bytes(): Uint8Array;
}

const FIRST_CAPACITY = 4_096;
const FLOAT_BYTES = 8;
/** A safe integer has 53 bits: eight groups. */
const VARINT_BYTES_MAX = 8;
const GROUP = 128;

export function byteWriter(): ByteWriter {
  let buffer = Buffer.alloc(FIRST_CAPACITY);
  let length = 0;
  function reserve(byteCount: number): void {
    if (length + byteCount > buffer.byteLength) {
      const larger = Buffer.alloc(Math.max(buffer.byteLength * 2, length + byteCount));
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
  }
  return {
    varint(value) {
      reserve(VARINT_BYTES_MAX);
      let rest = value;
      while (rest >= GROUP) {
        buffer[length] = (rest % GROUP) + GROUP;
        length += 1;
        rest = Math.floor(rest / GROUP);
      }
      buffer[length] = rest;
      length += 1;
    },
    float64(value) {
      reserve(FLOAT_BYTES);
      buffer.writeDoubleLE(value, length);
      length += FLOAT_BYTES;
    },
    raw(bytes) {
      reserve(bytes.byteLength);
      buffer.set(bytes, length);
      length += bytes.byteLength;
    },
    bytes: () => buffer.subarray(0, length),
  };
}
