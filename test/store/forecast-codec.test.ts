import { describe, expect, it } from 'vitest';
import { encodeColumns } from '../../lib/store/column-codec.ts';
import { encodeDocument } from '../../lib/store/columns-document.ts';
import { FORECASTS_DOCUMENT } from '../../lib/store/forecast-store.ts';
import { expectGolden } from '../helpers/golden.ts';
import { FULL_FORECASTS } from './full-forecasts.ts';
import { hexOf } from './hex.ts';

describe('the forecasts of a VPC', () => {
  it('of version 1 are these bytes, for as long as they are read', () => {
    expect(FORECASTS_DOCUMENT.schemaVersion).toBe(1);
    expectGolden('forecasts-v1.hex', hexOf(encodeDocument(FORECASTS_DOCUMENT, FULL_FORECASTS)));
  });

  it('come back as they went', () => {
    expect(FORECASTS_DOCUMENT.decode(encodeDocument(FORECASTS_DOCUMENT, FULL_FORECASTS))).toStrictEqual(FULL_FORECASTS);
  });

  it('come back with a bound as well, which was added to version 1', () => {
    const subnets = FULL_FORECASTS.subnets.map((subnet) =>
      subnet.blocks?.state === 'not-expected'
        ? { ...subnet, blocks: { ...subnet.blocks, probabilityBelow: 0.1 } }
        : subnet,
    );
    expect(subnets).not.toEqual(FULL_FORECASTS.subnets);
    const bounded = { ...FULL_FORECASTS, subnets };
    expect(FORECASTS_DOCUMENT.decode(encodeDocument(FORECASTS_DOCUMENT, bounded))).toStrictEqual(bounded);
  });

  it.each([
    ['nothing', undefined, 'is no record'],
    [
      'a break of an unknown kind',
      { ...FULL_FORECASTS, breaks: new Map([['a', [{ day: 1, reason: 'b' }]]]) },
      'breaks a',
    ],
    ['days that are texts', { ...FULL_FORECASTS, subnets: [probabilityOf(new Map([['7', 1]]))] }, 'subnets 0'],
    ['no map of days', { ...FULL_FORECASTS, subnets: [probabilityOf([7])] }, 'subnets 0'],
  ])('are not read from %s', (_, value, problem) => {
    expect(() => FORECASTS_DOCUMENT.decode(encodeColumns(value))).toThrow(
      `the document holds no forecasts: ${problem}`,
    );
  });
});

function probabilityOf(probability: unknown): unknown {
  const [subnet] = FULL_FORECASTS.subnets;
  const forecast = subnet?.addresses.state === 'forecast' ? subnet.addresses.forecast : undefined;
  return {
    ...subnet,
    addresses: { state: 'forecast', forecast: { ...forecast, atZero: { ...forecast?.atZero, probability } } },
  };
}
