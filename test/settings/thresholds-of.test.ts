import { describe, expect, it } from 'vitest';
import { defaultSettings, Settings } from '../../lib/settings/settings.ts';
import { thresholdsOf } from '../../lib/settings/thresholds-of.ts';
import { ACCOUNT_ID, aCluster, anAccount, aSubnet, OTHER_ACCOUNT_ID } from './subjects.ts';

/** Settings whose overrides are told apart by the ratio they set: 0.5 the first, 0.6 the second, and so on. */
function overriding(...matches: readonly object[]): Settings {
  const overrides = matches.map((match, index) => ({ match, freeRatioWarning: (5 + index) / 10 }));
  return Settings.parse({ thresholds: { overrides } });
}

describe('thresholdsOf', () => {
  it('gives the general thresholds where nothing overrides them', () => {
    expect(thresholdsOf(defaultSettings(), aSubnet())).toEqual({
      thresholds: {
        freeRatioWarning: 0.15,
        freePrefixRatioWarning: 0.1,
        controlPlaneUpdateAddresses: 5,
        loadBalancerAddresses: 8,
      },
      overrideIndex: undefined,
      undecidedOverrideIndexes: [],
    });
  });

  it('takes from the first override that matches what it sets, zero included, and nothing from the second', () => {
    const match = { account: ACCOUNT_ID };
    const settings = Settings.parse({
      thresholds: {
        freeRatioWarning: 0.2,
        overrides: [
          { match: { account: OTHER_ACCOUNT_ID }, freeRatioWarning: 0.9 },
          { match, loadBalancerAddresses: 0 },
          { match, freeRatioWarning: 0.5, controlPlaneUpdateAddresses: 50 },
        ],
      },
    });
    expect(thresholdsOf(settings, aSubnet())).toEqual({
      thresholds: {
        freeRatioWarning: 0.2,
        freePrefixRatioWarning: 0.1,
        controlPlaneUpdateAddresses: 5,
        loadBalancerAddresses: 0,
      },
      overrideIndex: 1,
      undecidedOverrideIndexes: [],
    });
  });

  it.each([
    [23, undefined],
    [24, 0],
    [26, 0],
    [27, undefined],
    [undefined, undefined],
  ])('takes a /%s to be between /24 and /26: override %s', (prefixLength, expected) => {
    const settings = overriding({ size: { prefixLengthMin: 24, prefixLengthMax: 26 } });
    expect(thresholdsOf(settings, aSubnet({ prefixLength })).overrideIndex).toBe(expected);
  });

  it('takes an end of a size that is left out to be that of AWS', () => {
    const settings = overriding({ size: { prefixLengthMin: 27 } }, { size: {} });
    expect(
      [16, 26, 27, 28].map((prefixLength) => thresholdsOf(settings, aSubnet({ prefixLength })).overrideIndex),
    ).toEqual([1, 1, 0, 0]);
  });

  it.each([
    ['of the subnet', { tags: [['tier', 'edge']] as const }, 'subnet'],
    ['of the VPC', { vpcTags: [['tier', 'edge']] as const }, 'vpc'],
    ['of one of its clusters', { clusters: [aCluster(), aCluster({ tags: [['tier', 'edge']] })] }, 'cluster'],
  ])('matches a tag %s, only where it counts', (_, overrides, place) => {
    const tag = { key: 'tier', values: ['e*'] };
    const elsewhere = ['subnet', 'vpc', 'cluster'].filter((other) => other !== place);
    const settings = overriding({ tag: { ...tag, on: elsewhere } }, { tag: { ...tag, on: [place] } });
    expect(thresholdsOf(settings, aSubnet(overrides)).overrideIndex).toBe(1);
    expect(thresholdsOf(overriding({ tag }), aSubnet(overrides)).overrideIndex).toBe(0);
    expect(thresholdsOf(overriding({ tag: { key: 'tier', values: ['x'] } }), aSubnet(overrides)).overrideIndex).toBe(
      undefined,
    );
  });

  it('does not take tags that were not seen for tags that are not there', () => {
    const settings = overriding({ tag: { key: 'tier', values: ['*'], on: ['subnet'] } }, { account: ACCOUNT_ID });
    expect(thresholdsOf(settings, aSubnet({ tags: undefined }))).toMatchObject({
      overrideIndex: 1,
      undecidedOverrideIndexes: [0],
    });
    expect(thresholdsOf(settings, aSubnet({ tags: [] }))).toMatchObject({
      overrideIndex: 1,
      undecidedOverrideIndexes: [],
    });
  });

  it('goes by the account that owns the subnet, not by those of its clusters', () => {
    const clusters = [aCluster({ account: anAccount({ accountId: OTHER_ACCOUNT_ID }) })];
    const settings = overriding({ account: OTHER_ACCOUNT_ID }, { account: ACCOUNT_ID });
    expect(thresholdsOf(settings, aSubnet({ clusters })).overrideIndex).toBe(1);
  });
});
