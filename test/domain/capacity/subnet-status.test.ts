import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CONTROL_PLANE_UPDATE_ADDRESSES,
  LOAD_BALANCER_ADDRESSES,
  STATUSES,
  type Status,
  type SubnetCapacity,
  subnetStatus,
  THRESHOLDS_DEFAULT,
  type Unseen,
  urgency,
} from '../../../lib/domain/capacity/subnet-status.ts';
import { type Exhaustion, NO_HISTORY } from '../../../lib/domain/trend/exhaustion.ts';

const NO_FLOOR = { controlPlaneUpdateAddresses: 0, loadBalancerAddresses: 0 };
const CONTROL_PLANE = { ...NO_FLOOR, controlPlaneUpdateAddresses: CONTROL_PLANE_UPDATE_ADDRESSES };
const LOAD_BALANCERS = { ...NO_FLOOR, loadBalancerAddresses: LOAD_BALANCER_ADDRESSES };
const BOTH = { ...CONTROL_PLANE, ...LOAD_BALANCERS, controlPlaneUpdateAddresses: CONTROL_PLANE_UPDATE_ADDRESSES };

const NO_PREFIXES = { inUse: false, canFallBack: true };
const ONLY_PREFIXES = { inUse: true, canFallBack: false };
const PREFIXES_OR_ADDRESSES = { inUse: true, canFallBack: true };

const UNSEEN: readonly Unseen[] = [
  {
    code: 'fact-not-seen',
    fact: 'network-interfaces',
    error: { action: 'ec2:DescribeNetworkInterfaces', code: 'access-denied', message: 'no', awsErrorName: undefined },
  },
  { code: 'owner-not-seen', ownerId: '444455556666' },
  { code: 'cidr-unreadable', cidrBlock: '10.0.0.0/33' },
];

/** A /24 with plenty of room, in which nothing takes prefixes. */
function capacityOf(overrides: Partial<SubnetCapacity> = {}): SubnetCapacity {
  return {
    usableAddressCount: 251,
    addressesLeft: 200,
    freePrefixCount: 10,
    maxPrefixCount: 14,
    prefixUse: NO_PREFIXES,
    floor: NO_FLOOR,
    ...overrides,
  };
}

function judged(overrides: Partial<SubnetCapacity> = {}, unseen: readonly Unseen[] = []) {
  const { status, reasons } = subnetStatus({
    ipv4: capacityOf(overrides),
    unseen,
    exhaustion: NO_HISTORY,
    thresholds: THRESHOLDS_DEFAULT,
  });
  return [status, ...reasons.map(({ code }) => code)];
}

describe('the order of statuses', () => {
  it('is exhausted, critical, warning, unknown, healthy', () => {
    expect([...STATUSES].sort((a, b) => urgency(a) - urgency(b))).toEqual([
      'exhausted',
      'critical',
      'warning',
      'unknown',
      'healthy',
    ]);
  });
});

describe('a subnet', () => {
  it.each<[number, Status, readonly string[]]>([
    [-1, 'exhausted', ['no-free-address']],
    [0, 'exhausted', ['no-free-address']],
    [1, 'warning', ['few-free-addresses']],
    // 15 % of 251 is 37.65.
    [37, 'warning', ['few-free-addresses']],
    [38, 'healthy', []],
    [39, 'healthy', []],
  ])('without a floor that has %d free addresses is %s', (addressesLeft, status, reasons) => {
    expect(judged({ addressesLeft })).toEqual([status, ...reasons, 'no-forecast']);
  });

  it.each([
    [14, 'warning'],
    [15, 'healthy'],
    [16, 'healthy'],
  ])('of 100 usable addresses with %d free is %s: 15 %% is enough', (addressesLeft, status) => {
    expect(judged({ addressesLeft, usableAddressCount: 100 })[0]).toBe(status);
  });

  it.each<[string, SubnetCapacity['floor'], number]>([
    ['a control plane', CONTROL_PLANE, 5],
    ['load balancers', LOAD_BALANCERS, 8],
    ['both', BOTH, 13],
  ])('that serves %s is critical at its floor and below, not above', (_, floor, edge) => {
    const wide = { floor, usableAddressCount: 20 };
    expect(judged({ ...wide, addressesLeft: 0 })[0]).toBe('exhausted');
    expect(judged({ ...wide, addressesLeft: 1 })[0]).toBe('critical');
    expect(judged({ ...wide, addressesLeft: edge - 1 })[0]).toBe('critical');
    expect(judged({ ...wide, addressesLeft: edge })[0]).toBe('critical');
    expect(judged({ ...wide, addressesLeft: edge + 1 })[0]).toBe('healthy');
    const { reasons } = subnetStatus({
      ipv4: capacityOf({ ...wide, addressesLeft: edge }),
      unseen: [],
      exhaustion: NO_HISTORY,
      thresholds: THRESHOLDS_DEFAULT,
    });
    expect(reasons[0]).toEqual({ code: 'free-addresses-at-floor', observed: edge, needed: edge + 1, floor });
  });

  it('that is critical also says that it is below 15 %', () => {
    expect(judged({ floor: BOTH, addressesLeft: 13 })).toEqual([
      'critical',
      'free-addresses-at-floor',
      'few-free-addresses',
      'no-forecast',
    ]);
  });

  it('that is exhausted says only that: everything else follows from it', () => {
    expect(judged({ floor: BOTH, addressesLeft: 0, freePrefixCount: 0, prefixUse: ONLY_PREFIXES })).toEqual([
      'exhausted',
      'no-free-address',
      'no-free-prefix',
      'no-forecast',
    ]);
  });

  it('names in a reason what was measured and the least that would be enough', () => {
    const { reasons } = subnetStatus({
      ipv4: capacityOf({ addressesLeft: 37, freePrefixCount: 1, prefixUse: ONLY_PREFIXES }),
      unseen: [],
      exhaustion: NO_HISTORY,
      thresholds: THRESHOLDS_DEFAULT,
    });
    expect(reasons).toEqual([
      { code: 'few-free-addresses', observed: 37, needed: 38, ratio: 0.15 },
      { code: 'few-free-prefixes', observed: 1, needed: 2, ratio: 0.1 },
      { code: 'no-forecast', why: 'no-history' },
    ]);
  });
});

describe('a subnet where prefixes are in use', () => {
  it.each<[number, Status, readonly string[]]>([
    [0, 'exhausted', ['no-free-prefix']],
    // 10 % of 14 is 1.4.
    [1, 'warning', ['few-free-prefixes']],
    [2, 'healthy', []],
    [3, 'healthy', []],
  ])('with nothing to fall back on that has %d free blocks is %s', (freePrefixCount, status, reasons) => {
    expect(judged({ freePrefixCount, prefixUse: ONLY_PREFIXES })).toEqual([status, ...reasons, 'no-forecast']);
  });

  it.each<[number, Status]>([
    [0, 'warning'],
    [1, 'warning'],
    [2, 'healthy'],
  ])('whose nodes can fall back that has %d free blocks is %s', (freePrefixCount, status) => {
    expect(judged({ freePrefixCount, prefixUse: PREFIXES_OR_ADDRESSES })[0]).toBe(status);
  });

  it.each([
    [2, 'warning'],
    [3, 'healthy'],
    [4, 'healthy'],
  ])('that can have 30 blocks with %d free is %s: 10 %% is enough', (freePrefixCount, status) => {
    expect(judged({ freePrefixCount, maxPrefixCount: 30, prefixUse: ONLY_PREFIXES })[0]).toBe(status);
  });

  it('that is too small to have any block is exhausted', () => {
    expect(judged({ freePrefixCount: 0, maxPrefixCount: 0, prefixUse: ONLY_PREFIXES })[0]).toBe('exhausted');
  });

  it('is judged by addresses alone where its blocks are not known', () => {
    expect(judged({ freePrefixCount: undefined, prefixUse: ONLY_PREFIXES }, UNSEEN)[0]).toBe('unknown');
    expect(judged({ freePrefixCount: undefined, prefixUse: ONLY_PREFIXES, addressesLeft: 0 }, UNSEEN)[0]).toBe(
      'exhausted',
    );
  });
});

describe('a subnet where nothing takes prefixes', () => {
  it.each([0, 1, undefined])('is healthy with %s free blocks', (freePrefixCount) => {
    expect(judged({ freePrefixCount })[0]).toBe('healthy');
  });
});

describe('a subnet of which something was not seen', () => {
  it.each(UNSEEN)('is unknown at best: %j', (missing) => {
    expect(judged({}, [missing])).toEqual(['unknown', missing.code, 'no-forecast']);
  });

  it.each<[Status, Partial<SubnetCapacity>]>([
    ['exhausted', { addressesLeft: 0 }],
    ['critical', { addressesLeft: 5, floor: CONTROL_PLANE }],
    ['warning', { addressesLeft: 37 }],
  ])('is still %s where that was observed, and says both', (status, overrides) => {
    const [found, ...codes] = judged(overrides, UNSEEN);
    expect(found).toBe(status);
    expect(codes).toEqual(expect.arrayContaining(UNSEEN.map(({ code }) => code)));
    expect(codes[0]).not.toMatch(/not-seen/);
  });
});

describe('a subnet without IPv4', () => {
  it('is healthy and says why, without a word on a forecast that does not apply', () => {
    expect(
      subnetStatus({ ipv4: undefined, unseen: [], exhaustion: NO_HISTORY, thresholds: THRESHOLDS_DEFAULT }),
    ).toEqual({
      status: 'healthy',
      reasons: [{ code: 'ipv6-only' }],
    });
  });

  it('is unknown where something was not seen', () => {
    expect(
      subnetStatus({ ipv4: undefined, unseen: UNSEEN, exhaustion: NO_HISTORY, thresholds: THRESHOLDS_DEFAULT }),
    ).toEqual({
      status: 'unknown',
      reasons: UNSEEN,
    });
  });
});

const anyCapacity: fc.Arbitrary<SubnetCapacity> = fc.record({
  usableAddressCount: fc.integer({ min: 0, max: 300 }),
  addressesLeft: fc.integer({ min: 0, max: 300 }),
  freePrefixCount: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
  maxPrefixCount: fc.integer({ min: 0, max: 40 }),
  prefixUse: fc.constantFrom(NO_PREFIXES, ONLY_PREFIXES, PREFIXES_OR_ADDRESSES),
  floor: fc.constantFrom(NO_FLOOR, CONTROL_PLANE, LOAD_BALANCERS, BOTH),
});
const anyUnseen = fc.subarray([...UNSEEN]);

function urgencyOf(ipv4: SubnetCapacity, unseen: readonly Unseen[]): number {
  return urgency(subnetStatus({ ipv4, unseen, exhaustion: NO_HISTORY, thresholds: THRESHOLDS_DEFAULT }).status);
}

describe('of two subnets that differ in one thing', () => {
  it('the one with fewer free addresses is never better', () => {
    fc.assert(
      fc.property(anyCapacity, anyUnseen, fc.nat(300), (ipv4, unseen, fewer) => {
        const worse = { ...ipv4, addressesLeft: ipv4.addressesLeft - fewer };
        expect(urgencyOf(worse, unseen)).toBeLessThanOrEqual(urgencyOf(ipv4, unseen));
      }),
    );
  });

  it('the one with fewer free blocks is never better', () => {
    fc.assert(
      fc.property(anyCapacity, anyUnseen, fc.nat(20), (ipv4, unseen, fewer) => {
        const { freePrefixCount } = ipv4;
        fc.pre(freePrefixCount !== undefined);
        const worse = { ...ipv4, freePrefixCount: Math.max(0, (freePrefixCount ?? 0) - fewer) };
        expect(urgencyOf(worse, unseen)).toBeLessThanOrEqual(urgencyOf(ipv4, unseen));
      }),
    );
  });

  it('the one with the higher floor is never better', () => {
    fc.assert(
      fc.property(anyCapacity, anyUnseen, (ipv4, unseen) => {
        expect(urgencyOf({ ...ipv4, floor: BOTH }, unseen)).toBeLessThanOrEqual(urgencyOf(ipv4, unseen));
      }),
    );
  });

  it('the one of which less was seen is never better, and never healthy', () => {
    fc.assert(
      fc.property(anyCapacity, anyUnseen, fc.constantFrom(...UNSEEN), (ipv4, unseen, missing) => {
        const less = [...unseen, missing];
        expect(urgencyOf(ipv4, less)).toBeLessThanOrEqual(urgencyOf(ipv4, unseen));
        expect(
          subnetStatus({ ipv4, unseen: less, exhaustion: NO_HISTORY, thresholds: THRESHOLDS_DEFAULT }).status,
        ).not.toBe('healthy');
      }),
    );
  });

  it('an observed shortage of addresses is never hidden by what was not seen', () => {
    fc.assert(
      fc.property(anyCapacity, anyUnseen, (ipv4, unseen) => {
        const observed = subnetStatus({
          ipv4,
          unseen: [],
          exhaustion: NO_HISTORY,
          thresholds: THRESHOLDS_DEFAULT,
        }).status;
        fc.pre(observed !== 'healthy');
        expect(subnetStatus({ ipv4, unseen, exhaustion: NO_HISTORY, thresholds: THRESHOLDS_DEFAULT }).status).toBe(
          observed,
        );
      }),
    );
  });

  it('every one has a reason, the missing forecast last', () => {
    fc.assert(
      fc.property(anyCapacity, anyUnseen, (ipv4, unseen) => {
        const { status, reasons } = subnetStatus({
          ipv4,
          unseen,
          exhaustion: NO_HISTORY,
          thresholds: THRESHOLDS_DEFAULT,
        });
        expect(reasons.at(-1)).toEqual({ code: 'no-forecast', why: 'no-history' });
        expect(reasons.length > 1).toBe(status !== 'healthy');
      }),
    );
  });
});

describe('thresholds of the settings', () => {
  it.each([
    [0.5, 125, 'warning'],
    [0.5, 126, 'healthy'],
    [0, 1, 'healthy'],
  ])('%f free with %i addresses left of 251 is %s', (freeRatioWarning, addressesLeft, status) => {
    const thresholds = { ...THRESHOLDS_DEFAULT, freeRatioWarning };
    expect(
      subnetStatus({ ipv4: capacityOf({ addressesLeft }), unseen: [], exhaustion: NO_HISTORY, thresholds }).status,
    ).toBe(status);
  });

  it.each([
    [0.5, 6, 'warning'],
    [0.5, 7, 'healthy'],
  ])('%f of the blocks with %i of 14 free is %s', (freePrefixRatioWarning, freePrefixCount, status) => {
    const ipv4 = capacityOf({ freePrefixCount, prefixUse: ONLY_PREFIXES });
    const thresholds = { ...THRESHOLDS_DEFAULT, freePrefixRatioWarning };
    expect(subnetStatus({ ipv4, unseen: [], exhaustion: NO_HISTORY, thresholds }).status).toBe(status);
  });
});

type Forecasted = Extract<Exhaustion, { state: 'forecast' }>;

/** From enough days that the level does not matter. */
function aForecast(
  probability: readonly (readonly [number, number])[],
  overrides: Partial<Forecasted> = {},
): Forecasted {
  return {
    state: 'forecast',
    kind: 'addresses',
    method: 'trend',
    dayCount: 28,
    floor: 0,
    p10: undefined,
    p50: undefined,
    p90: undefined,
    censoredDay: 20_959,
    probability: new Map(probability),
    quality: undefined,
    caveats: [],
    ...overrides,
  };
}

function forecasted(exhaustion: Exhaustion, overrides: Partial<SubnetCapacity> = {}, unseen: readonly Unseen[] = []) {
  return subnetStatus({ ipv4: capacityOf(overrides), unseen, exhaustion, thresholds: THRESHOLDS_DEFAULT });
}

describe('what a forecast says', () => {
  it.each([
    [[[7, 0.5]], 'critical', 7, 0.5],
    [
      [
        [7, 0.498],
        [30, 0.5],
      ],
      'warning',
      30,
      0.5,
    ],
    [
      [
        [7, 1],
        [30, 1],
      ],
      'critical',
      7,
      1,
    ],
  ] as const)('of %j is %s, with how likely it is within %i days', (probability, status, withinDays, likely) => {
    expect(forecasted(aForecast(probability))).toEqual({
      status,
      reasons: [{ code: 'exhaustion-likely', kind: 'addresses', withinDays, probability: likely }],
    });
  });

  it('of less than one half within a month is nothing to worry of, and no reason', () => {
    expect(
      forecasted(
        aForecast([
          [7, 0.498],
          [30, 0.498],
          [90, 1],
        ]),
      ),
    ).toEqual({ status: 'healthy', reasons: [] });
    expect(forecasted({ state: 'not-expected', withinDays: 90, dayCount: 60 })).toEqual({
      status: 'healthy',
      reasons: [],
    });
  });

  it.each([
    ['28 days, much being free', 28, 251, 'critical'],
    ['27 days, much being free', 27, 251, 'healthy'],
    // 40 % of 251 are 100.4.
    ['27 days, less than 40 % being free', 27, 100, 'critical'],
    ['27 days, more than 40 % being free', 27, 101, 'healthy'],
  ])('from %s counts or does not', (_, dayCount, addressesLeft, status) => {
    expect(forecasted(aForecast([[7, 1]], { dayCount }), { addressesLeft }).status).toBe(status);
  });

  it('of blocks is guarded by blocks', () => {
    const blocks = aForecast([[7, 1]], { kind: 'blocks', dayCount: 27 });
    // 40 % of 14 are 5.6.
    expect(forecasted(blocks, { freePrefixCount: 5, prefixUse: ONLY_PREFIXES }).status).toBe('critical');
    expect(forecasted(blocks, { freePrefixCount: 6, prefixUse: ONLY_PREFIXES }).status).toBe('healthy');
    expect(forecasted(blocks, { freePrefixCount: undefined, prefixUse: ONLY_PREFIXES }).status).toBe('healthy');
  });

  it('of blocks is never critical where single addresses do as well', () => {
    const blocks = aForecast(
      [
        [7, 1],
        [30, 1],
      ],
      { kind: 'blocks' },
    );
    expect(forecasted(blocks, { prefixUse: ONLY_PREFIXES }).status).toBe('critical');
    expect(forecasted(blocks, { prefixUse: PREFIXES_OR_ADDRESSES }).status).toBe('warning');
  });

  it('stands beside what is seen, and takes nothing from it', () => {
    const likely = aForecast([[30, 1]]);
    expect(forecasted(likely, { addressesLeft: 0 }).status).toBe('exhausted');
    const few = forecasted(likely, { addressesLeft: 30 });
    expect([few.status, ...few.reasons.map(({ code }) => code)]).toEqual([
      'warning',
      'few-free-addresses',
      'exhaustion-likely',
    ]);
    expect(forecasted(likely, {}, UNSEEN).status).toBe('warning');
    expect(forecasted(aForecast([[30, 0]]), {}, UNSEEN).status).toBe('unknown');
  });

  it('is absent where there is too little history, and the reason says how much there is', () => {
    expect(forecasted({ state: 'insufficient-history', dayCount: 2, neededDayCount: 3 })).toEqual({
      status: 'healthy',
      reasons: [{ code: 'no-forecast', why: 'insufficient-history', dayCount: 2, neededDayCount: 3 }],
    });
  });

  it('says of blocks that they have none, beside what is said of addresses', () => {
    const missing = { kind: 'blocks', dayCount: 2, neededDayCount: 3, sinceDay: 20_778 } as const;
    const reason = { code: 'no-forecast', why: 'insufficient-history', ...missing };
    expect(forecasted(aForecast([[30, 0.1]], { missing }))).toEqual({ status: 'healthy', reasons: [reason] });
    const other = { kind: 'addresses', withinDays: 180, dayCount: 60 } as const;
    const reasons = forecasted({ state: 'insufficient-history', ...missing, other }).reasons;
    expect(reasons).toEqual([reason]);
  });
});
