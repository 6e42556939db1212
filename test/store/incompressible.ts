import { createCipheriv } from 'node:crypto';

/** Bytes that no codec makes fewer, the same for the same seed. */
export function incompressible(seed: number, byteCount: number): Uint8Array {
  const key = Buffer.alloc(16, seed);
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(byteCount));
}
