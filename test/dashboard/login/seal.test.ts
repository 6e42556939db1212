import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { createSeal, type SealOptions } from '../../../lib/dashboard/login/seal.ts';

const OLD = 'an-old-secret-of-32-characters-1';
const NEW = 'a-new-secret-of-32-characters-22';
const CLAIMS = { name: 'ana' };
const Claims = z.object({ name: z.string() });
const NOW = 1_000;
const POLICY = ['https://issuer.example', 'elbowroom', undefined];

function aSeal({
  secrets = [OLD],
  policy = POLICY,
  now = NOW,
}: {
  readonly secrets?: string[];
  readonly policy?: SealOptions['policy'];
  readonly now?: number;
} = {}) {
  return createSeal({ secrets: async () => secrets, policy, now: () => now });
}

describe('a seal', () => {
  it('opens what it closed, until its time is over', async () => {
    const sealed = await aSeal().seal('session', CLAIMS, NOW + 10);
    expect(await aSeal({ now: NOW + 9 }).open('session', sealed, Claims)).toEqual(CLAIMS);
    expect(await aSeal({ now: NOW + 10 }).open('session', sealed, Claims)).toBeUndefined();
  });

  it('shows nothing of what is in it, and is another one each time', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => aSeal().seal('session', CLAIMS, NOW + 10)));
    expect(one).not.toBe(other);
    const parts = String(one)
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString());
    expect(parts.join()).not.toContain('ana');
    expect(parts[0]).toBe('{"alg":"dir","enc":"A256GCM"}');
  });

  it('is of its kind, its secret and its policy alone', async () => {
    const sealed = await aSeal().seal('session', CLAIMS, NOW + 10);
    const login = await aSeal().seal('login', CLAIMS, NOW + 10);
    expect(await aSeal().open('login', login, Claims)).toEqual(CLAIMS);
    expect(await aSeal().open('login', sealed, Claims)).toBeUndefined();
    expect(await aSeal().open('session', login, Claims)).toBeUndefined();
    expect(await aSeal({ secrets: [NEW] }).open('session', sealed, Claims)).toBeUndefined();
    for (const policy of [
      ['https://other.example', 'elbowroom', undefined],
      ['https://issuer.example', 'other', undefined],
      ['https://issuer.example', 'elbowroom', 'accounts'],
    ]) {
      expect(await aSeal({ policy }).open('session', sealed, Claims)).toBeUndefined();
    }
  });

  it('rotates: the new secret closes, and both open while both are there', async () => {
    const before = await aSeal({ secrets: [OLD] }).seal('session', CLAIMS, NOW + 10);
    const both = aSeal({ secrets: [NEW, OLD] });
    const after = await both.seal('session', CLAIMS, NOW + 10);
    expect(await both.open('session', before, Claims)).toEqual(CLAIMS);
    expect(await both.open('session', after, Claims)).toEqual(CLAIMS);
    expect(await aSeal({ secrets: [NEW] }).open('session', after, Claims)).toEqual(CLAIMS);
    expect(await aSeal({ secrets: [NEW] }).open('session', before, Claims)).toBeUndefined();
    expect(await aSeal({ secrets: [OLD] }).open('session', after, Claims)).toBeUndefined();
  });

  it('does not open what anybody changed, or made up', async () => {
    const sealed = await aSeal().seal('session', CLAIMS, NOW + 10);
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.constantFrom(...'Ab9_-.'), async (at, letter) => {
        const changed = sealed.slice(0, at) + letter + sealed.slice(at + 1);
        // The last letter of base64 has bits that stand for nothing.
        fc.pre(changed !== sealed && at !== sealed.length - 1);
        expect(await aSeal().open('session', changed, Claims)).toBeUndefined();
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        expect(await aSeal().open('session', text, Claims)).toBeUndefined();
      }),
    );
  });

  it('opens nothing in which other things stand than are looked for', async () => {
    const sealed = await aSeal().seal('session', { name: 1 }, NOW + 10);
    expect(await aSeal().open('session', sealed, Claims)).toBeUndefined();
  });

  it.each([
    [[], 'there is no key; keep one as the secret "session-key"'],
    [['x'.repeat(31)], 'it has 31 characters, expected 32 or more'],
  ])('is not made of %j', async (secrets, reason) => {
    await expect(aSeal({ secrets }).seal('session', CLAIMS, NOW)).rejects.toThrow(reason);
  });

  it('is made of 32 characters', async () => {
    await expect(aSeal({ secrets: ['x'.repeat(32)] }).seal('session', CLAIMS, NOW)).resolves.toMatch(/^ey/);
  });
});
