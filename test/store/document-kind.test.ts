import { describe, expect, it } from 'vitest';
import { type DocumentKind, decodeDocument } from '../../lib/store/document-kind.ts';
import type { PackedDocument } from '../../lib/store/packed-document.ts';

const READS_TWO: DocumentKind<string> = {
  name: 'note',
  schemaVersion: 3,
  decode: (bytes) => `now ${Buffer.from(bytes).toString()}`,
  upcast: (bytes) => `before ${Buffer.from(bytes).toString()}`,
};
const { upcast: _, ...READS_ONE } = READS_TWO;

function stored(overrides: Partial<PackedDocument> = {}): PackedDocument {
  const key = { pk: 'a', sk: 'b' };
  return {
    key,
    kind: 'note',
    schemaVersion: 3,
    version: 'v',
    order: undefined,
    bytes: Buffer.from('x'),
    expiresAt: 1,
    storedByteCount: 1,
    baseCount: 0,
    fullByteCount: 1,
    base: undefined,
    ...overrides,
  };
}

describe('a document', () => {
  it('is read by its own version and by the one before', () => {
    expect(decodeDocument(READS_TWO, stored())).toBe('now x');
    expect(decodeDocument(READS_TWO, stored({ schemaVersion: 2 }))).toBe('before x');
  });

  it.each([
    [READS_TWO, { schemaVersion: 1 }, 'its schema version is 1, this code reads 2 and 3'],
    [READS_TWO, { schemaVersion: 4 }, 'its schema version is 4, this code reads 2 and 3'],
    [READS_ONE, { schemaVersion: 2 }, 'its schema version is 2, this code reads 3'],
    [READS_TWO, { kind: 'letter' }, 'it is a document of kind "letter"'],
  ])('of another version or kind is refused by its key', (kind, overrides, problem) => {
    expect(() => decodeDocument(kind, stored(overrides))).toThrow(`Cannot read note "a" / "b": ${problem}`);
  });

  it('that is damaged is refused by its key', () => {
    const decode = () => {
      throw new Error('the bytes end early');
    };
    expect(() => decodeDocument({ ...READS_TWO, decode }, stored())).toThrow(
      'Cannot read note "a" / "b": the bytes end early',
    );
  });
});
