/** Reads what a byte writer wrote. Every method throws where the bytes end early. */
export interface ByteReader {
  varint(): number;
  /** So many of them; each takes a byte at least, so no more of them than there are bytes. */
  varints(count: number): number[];
  /** Passes over so many bytes and returns whether all of them are 0. */
  zeros(count: number): boolean;
  float64(): number;
  raw(byteCount: number): Buffer;
  /** Bytes not read yet. */
  remaining(): number;
}

const FLOAT_BYTES = 8;
const VARINT_BYTES_MAX = 8;
const GROUP = 128;

export function byteReader(bytes: Uint8Array): ByteReader {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const advance = (byteCount: number) => {
    if (byteCount > buffer.byteLength - at) {
      throw new Error(`the bytes end early, at ${at} of ${buffer.byteLength}`);
    }
    const start = at;
    at += byteCount;
    return start;
  };
  const refuseMoreThanThereAre = (count: number) => {
    if (count > buffer.byteLength - at) {
      throw new Error(`${count} values cannot be in ${buffer.byteLength - at} bytes`);
    }
  };
  const varint = () => {
    const first = buffer[at];
    // As most are. Only this way is every document read within milliseconds.
    if (first !== undefined && first < GROUP) {
      at += 1;
      return first;
    }
    let value = 0;
    let scale = 1;
    for (let count = 0; count < VARINT_BYTES_MAX; count += 1) {
      const byte = buffer.readUInt8(advance(1));
      value += (byte % GROUP) * scale;
      if (byte < GROUP) {
        return safe(value, at);
      }
      scale *= GROUP;
    }
    throw new Error(`an integer is too long, at ${at}`);
  };
  return {
    varint,
    varints(count) {
      refuseMoreThanThereAre(count);
      const values: number[] = [];
      for (let index = 0; index < count; index += 1) {
        const byte = buffer[at] ?? GROUP;
        if (byte < GROUP) {
          at += 1;
          values.push(byte);
        } else {
          values.push(varint());
        }
      }
      return values;
    },
    zeros(count) {
      refuseMoreThanThereAre(count);
      const start = advance(count);
      for (let index = start; index < start + count; index += 1) {
        if (buffer[index] !== 0) {
          return false;
        }
      }
      return true;
    },
    float64: () => buffer.readDoubleLE(advance(FLOAT_BYTES)),
    raw(byteCount) {
      const start = advance(byteCount);
      return buffer.subarray(start, start + byteCount);
    },
    remaining: () => buffer.byteLength - at,
  };
}

function safe(value: number, at: number): number {
  if (!Number.isSafeInteger(value)) {
    throw new Error(`an integer is too large, at ${at}`);
  }
  return value;
}
