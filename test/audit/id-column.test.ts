import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareIds,
  compareTexts,
  idAt,
  idColumn,
  rowOfId,
  subnetIdForm,
  uuidForm,
  vpcIdForm,
} from '../../lib/audit/id-column.ts';
import { idTexts } from '../helpers/id-texts.ts';

// Few digits, so that ids are often the same, and the bytes of one go on in the next.
const hex = (length: number) => fc.string({ unit: fc.constantFrom('0', '1'), minLength: length, maxLength: length });
const oddId = fc.constantFrom('', 'subnet-0a1b2c3d', 'subnet-A0000000000000000', 'subnet-10000000000000000', 'v1');

const FORMS = [
  ['VPCs', vpcIdForm, hex(16).map((digits) => `vpc-0${digits}`)],
  ['subnets', subnetIdForm, hex(16).map((digits) => `subnet-0${digits}`)],
  ['states', uuidForm, fc.uuid()],
] as const;

describe.each(FORMS)('the ids of %s', (_, form, formed) => {
  const ids = fc.array(fc.oneof({ arbitrary: formed, weight: 4 }, oddId), { maxLength: 20 });

  it('are those that the column was made of, whatever their form', () => {
    fc.assert(
      fc.property(ids, (texts) => {
        const column = idColumn(form, texts);
        expect(column.length).toBe(texts.length);
        expect(idTexts(column)).toEqual(texts);
        expect(() => idAt(column, texts.length)).toThrow(`Cannot read row ${texts.length}`);
        expect(() => idAt(column, -1)).toThrow('Cannot read row -1');
      }),
    );
  });

  it('compare as texts do', () => {
    fc.assert(
      fc.property(ids, (texts) => {
        const column = idColumn(form, texts);
        texts.forEach((text, row) => {
          texts.forEach((other, otherRow) => {
            expect(Math.sign(compareIds(column, row, otherRow))).toBe(compareTexts(text, other));
          });
        });
      }),
    );
  });

  it('are found in the first row that has them', () => {
    fc.assert(
      fc.property(ids, fc.oneof(formed, oddId), (texts, another) => {
        const column = idColumn(form, texts);
        for (const id of [...texts, another]) {
          const row = texts.indexOf(id);
          expect(rowOfId(column, id)).toBe(row < 0 ? undefined : row);
        }
      }),
    );
  });
});

it('finds an id of zeros only where it is one, not where another form has no digits', () => {
  const zeros = 'subnet-00000000000000000';
  expect(rowOfId(idColumn(subnetIdForm, ['subnet-0a', zeros]), zeros)).toBe(1);
  expect(rowOfId(idColumn(subnetIdForm, ['subnet-0a', 'subnet-0b']), zeros)).toBeUndefined();
});
