import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idColumn, subnetIdForm } from '../../lib/audit/id-column.ts';
import { rowsWithIdPart } from '../../lib/audit/id-search.ts';

const DIGITS = '0123456789abcdef';
/** Few kinds of digits, so that parts are found, and one after the other in some ids and apart in others. */
const digit = fc.oneof({ arbitrary: fc.constantFrom('0', '1', 'a'), weight: 8 }, fc.constantFrom(...DIGITS));
const longId = fc.array(digit, { minLength: 16, maxLength: 16 }).map((digits) => `subnet-0${digits.join('')}`);
const oddId = fc.constantFrom('', 'subnet-0a1b2c3d', 'subnet-A0000000000000000', 'subnet-10000000000000000', 'v1');
const ids = fc.array(fc.oneof({ arbitrary: longId, weight: 5 }, oddId), { maxLength: 70 });

function model(all: readonly string[], part: string): number[] {
  return all.flatMap((id, row) => (id.toLowerCase().includes(part.toLowerCase()) ? [row] : []));
}

describe('the rows whose ids contain a text', () => {
  it('are those that each id says by itself', () => {
    const part = fc.oneof(
      fc.array(digit, { maxLength: 18 }).map((digits) => digits.join('')),
      fc.constantFrom('-', 'subnet', 'NET-0', 'net-0a', '0', 't-01', 'b', 'e', 'x', 'subnet-00', '-1', 'g0', '\n'),
    );
    fc.assert(
      fc.property(ids, part, (all, text) => {
        expect([...rowsWithIdPart(idColumn(subnetIdForm, all), text)]).toEqual(model(all, text));
      }),
      { numRuns: 500 },
    );
  });

  it('are found by any part of an id that is there', () => {
    const anyPart = fc
      .tuple(fc.array(longId, { minLength: 1, maxLength: 40 }), fc.nat(), fc.nat(24), fc.nat(24))
      .map(([all, row, start, length]) => ({ all, text: (all[row % all.length] ?? '').slice(start, start + length) }));
    fc.assert(
      fc.property(anyPart, ({ all, text }) => {
        expect([...rowsWithIdPart(idColumn(subnetIdForm, all), text.toUpperCase())]).toEqual(model(all, text));
      }),
      { numRuns: 500 },
    );
  });

  it('are the same when one column is searched again and again', () => {
    const all = fc.sample(longId, { numRuns: 100, seed: 1 });
    const column = idColumn(subnetIdForm, all);
    for (const text of ['0', '00', '0a', 'a0', '01a', 'a0a0', 'ff', 'f', `0${'0'.repeat(16)}`]) {
      expect([...rowsWithIdPart(column, text)]).toEqual(model(all, text));
    }
  });
});
