import { hkdfSync } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, errors } from 'jose';
import * as z from 'zod/mini';

/** What a sealed text is for: one does not pass for the other. */
export type SealedKind = 'login' | 'session';

export interface Seal {
  /** Writes what only this deployment can read, until an instant in milliseconds since 1970. */
  seal(kind: SealedKind, claims: Readonly<Record<string, unknown>>, expiresAtMs: number): Promise<string>;
  /** Reads it back; `undefined` where it is over, is of another kind or deployment, or was made by somebody else. */
  open<T extends z.ZodMiniType>(kind: SealedKind, text: string, schema: T): Promise<z.output<T> | undefined>;
}

export interface SealOptions {
  /** Seals with the first, opens with any: the old and the new one are both valid while they rotate. */
  readonly secrets: () => Promise<readonly string[]>;
  /** Whose logins count, and by which rules: what was sealed under others is not opened. */
  readonly policy: readonly (string | undefined)[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** As many characters as 24 random bytes have in base64: what a person makes up is shorter. */
const SECRET_LENGTH_MIN = 32;
/** https://www.rfc-editor.org/rfc/rfc7518#section-5.3 */
const ENCRYPTION = 'A256GCM';
const KEY_BYTES = 32;

const Sealed = z.object({ expiresAtMs: z.number(), claims: z.unknown() });

/**
 * Returns what seals cookies: encrypted, and authenticated by the same key, so that whoever holds one neither reads nor changes
 * it. Throws where there is no secret, or one that could be guessed. https://www.rfc-editor.org/rfc/rfc7516
 */
export function createSeal({ secrets, policy, now }: SealOptions): Seal {
  const keysOf = async (kind: SealedKind): Promise<readonly Uint8Array[]> => {
    const info = JSON.stringify(['elbowroom', kind, ...policy.map((part) => part ?? null)]);
    return (await secrets()).map((secret) => keyOf(secret, info));
  };
  return {
    async seal(kind, claims, expiresAtMs) {
      const [key] = await keysOf(kind);
      if (key === undefined) {
        throw new Error('Cannot seal a cookie: there is no key; keep one as the secret "session-key"');
      }
      return new CompactEncrypt(new TextEncoder().encode(JSON.stringify({ expiresAtMs, claims })))
        .setProtectedHeader({ alg: 'dir', enc: ENCRYPTION })
        .encrypt(key);
    },
    async open(kind, text, schema) {
      for (const key of await keysOf(kind)) {
        const sealed = Sealed.safeParse(await decrypted(text, key));
        if (sealed.success) {
          return now() < sealed.data.expiresAtMs ? schema.safeParse(sealed.data.claims).data : undefined;
        }
      }
      return undefined;
    },
  };
}

/** Of its own for each kind and policy: https://www.rfc-editor.org/rfc/rfc5869#section-3.2 */
function keyOf(secret: string, info: string): Uint8Array {
  if (secret.length < SECRET_LENGTH_MIN) {
    throw new Error(
      `Cannot use the secret "session-key": it has ${secret.length} characters, expected ${SECRET_LENGTH_MIN} or more; make one with "openssl rand -base64 32"`,
    );
  }
  return new Uint8Array(hkdfSync('sha256', secret, '', info, KEY_BYTES));
}

async function decrypted(text: string, key: Uint8Array): Promise<unknown> {
  try {
    const { plaintext } = await compactDecrypt(text, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: [ENCRYPTION],
    });
    return JSON.parse(new TextDecoder().decode(plaintext));
  } catch (cause) {
    if (cause instanceof errors.JOSEError) {
      return undefined;
    }
    throw cause;
  }
}
