import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeColumns } from '../../lib/store/column-codec.ts';
import { type ColumnsDocument, encodeDocument } from '../../lib/store/columns-document.ts';
import { DIRECTORY_DOCUMENT } from '../../lib/store/directory-store.ts';
import { OUTCOMES_DOCUMENT, RUN_PLAN_DOCUMENT } from '../../lib/store/run-codec.ts';
import { LENT_VPC_DOCUMENT, TARGET_MEMORY_DOCUMENT } from '../../lib/store/target-codec.ts';
import { expectGolden } from '../helpers/golden.ts';
import { aMemory, anOutcome, aPlan, BORROWED_VPC, DIRECTORY, EIGHT, NOT_SEEN } from './audit-values.ts';
import { hexOf } from './hex.ts';

/** Copies of a value, or of the first one of a list, each without one of its fields, and one with a field too many. */
function damaged(value: object): unknown[] {
  if (Array.isArray(value)) {
    return damaged(value[0]).map((first) => [first]);
  }
  const lacking = Object.keys(value).map((name) =>
    Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)),
  );
  return [...lacking, { ...value, extra: 1 }];
}

function documentTests<T extends object>(kind: ColumnsDocument<T>, values: readonly T[]): void {
  describe(`a document of kind ${kind.name}`, () => {
    it.each(values.map((value) => [value]))('comes back as it went', (value) => {
      expect(kind.decode(encodeDocument(kind, value))).toStrictEqual(value);
    });

    it('of its version is these bytes, for as long as it is read', () => {
      expectGolden(
        `${kind.name}-v${kind.schemaVersion}.hex`,
        values.map((value) => hexOf(encodeDocument(kind, value))).join('\n'),
      );
    });

    it('is neither written nor read where a field is missing or is one too many', () => {
      const others = values.flatMap(damaged);
      expect(others.length).toBeGreaterThan(3);
      for (const other of others) {
        expect(() => kind.decode(encodeColumns(other))).toThrow(`the document holds no ${kind.name}: `);
        // That it is no T is what this is about.
        expect(() => encodeDocument(kind, other as T)).toThrow(`Cannot write ${kind.name}: `);
      }
    });
  });
}

documentTests(RUN_PLAN_DOCUMENT, [
  aPlan(),
  aPlan({ slot: { ...EIGHT, kind: 'request', requestId: 'a/b' }, caller: undefined, accounts: [] }),
]);

it('a run plan of version 1 is read as one that names no VPCs', () => {
  const [first = '', second = ''] = readFileSync(new URL('../golden/run-plan-v1.hex', import.meta.url), 'utf8').split(
    '\n\n',
  );
  const bytesOf = (text: string) => Buffer.from(text.replaceAll('\n', ''), 'hex');
  expect(RUN_PLAN_DOCUMENT.upcast?.(bytesOf(first))).toStrictEqual(aPlan({ pulsedVpcs: [] }));
  expect(RUN_PLAN_DOCUMENT.upcast?.(bytesOf(second))).toMatchObject({ accounts: [], pulsedVpcs: [] });
  expect(() => RUN_PLAN_DOCUMENT.upcast?.(encodeColumns('plan'))).toThrow(
    'the document holds no run-plan: is no record',
  );
});

documentTests(OUTCOMES_DOCUMENT, [[anOutcome({ notSeen: [NOT_SEEN] }), anOutcome({ state: 'missed' })]]);
documentTests(DIRECTORY_DOCUMENT, [DIRECTORY]);
documentTests(TARGET_MEMORY_DOCUMENT, [aMemory(), aMemory({ firstClusterAt: undefined })]);

it('what is known of a target by version 1 is read as of as many interfaces as nobody has counted', () => {
  const [first = ''] = readFileSync(new URL('../golden/target-memory-v1.hex', import.meta.url), 'utf8').split('\n\n');
  const bytes = Buffer.from(first.replaceAll('\n', ''), 'hex');
  expect(TARGET_MEMORY_DOCUMENT.upcast?.(bytes)).toStrictEqual(aMemory({ networkInterfaceCount: undefined }));
});

documentTests(LENT_VPC_DOCUMENT, [BORROWED_VPC]);
