import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PulseFacts } from '../../lib/audit/store-ports.ts';
import { encodeColumns } from '../../lib/store/column-codec.ts';
import { encodeDocument } from '../../lib/store/columns-document.ts';
import { PULSE_DOCUMENT } from '../../lib/store/pulse-codec.ts';
import { ACCOUNT_ID, NOW, SUBNET_ID } from '../helpers/builders.ts';
import { expectGolden } from '../helpers/golden.ts';
import { REGION } from '../helpers/region-facts-builder.ts';
import { hexOf } from './hex.ts';

const PULSE: PulseFacts = {
  target: { accountId: ACCOUNT_ID, region: REGION },
  observedAt: NOW,
  availableIpAddressCounts: new Map([
    [SUBNET_ID, 251],
    ['subnet-0full', 0],
  ]),
};

describe('a pulse', () => {
  it('comes back as it went', () => {
    const counts = fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.nat()));
    fc.assert(
      fc.property(counts, (entries) => {
        const pulse = { ...PULSE, availableIpAddressCounts: new Map(entries) };
        expect(PULSE_DOCUMENT.decode(encodeDocument(PULSE_DOCUMENT, pulse))).toStrictEqual(pulse);
      }),
    );
  });

  it('of version 1 is these bytes, for as long as it is read', () => {
    expect(PULSE_DOCUMENT.schemaVersion).toBe(1);
    expectGolden('pulse-v1.hex', hexOf(encodeDocument(PULSE_DOCUMENT, PULSE)));
  });

  it.each([
    ['without a target', { ...PULSE, target: {} }, 'target lacks accountId'],
    [
      'with a count that is text',
      { ...PULSE, availableIpAddressCounts: new Map([['a', '1']]) },
      'availableIpAddressCounts a is no number',
    ],
    [
      'with a key that is none',
      { ...PULSE, availableIpAddressCounts: new Map([[1, 1]]) },
      'availableIpAddressCounts has a key that is no text',
    ],
  ])('%s is none', (_, value, problem) => {
    expect(() => PULSE_DOCUMENT.decode(encodeColumns(value))).toThrow(`the document holds no pulse: ${problem}`);
  });
});
