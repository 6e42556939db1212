import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeState } from '../../lib/audit/judge-state.ts';
import { OPEN_POLICY } from '../../lib/audit/policy.ts';
import type { VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import { encodeColumns } from '../../lib/store/column-codec.ts';
import { encodeDocument } from '../../lib/store/columns-document.ts';
import { difference } from '../../lib/store/compression.ts';
import { STATE_DOCUMENT } from '../../lib/store/state-codec.ts';
import { arbitraryRegionFacts, OWNER_ID, PARTICIPANT_ID } from '../helpers/arbitrary-region-facts.ts';
import { NOW } from '../helpers/builders.ts';
import { expectGolden, goldenBytes } from '../helpers/golden.ts';
import { REGION } from '../helpers/region-facts-builder.ts';
import { FULL_STATE } from './full-state.ts';
import { hexOf } from './hex.ts';

/** States as they are judged, from what one or two accounts saw. */
const judgedState: fc.Arbitrary<VpcState> = fc
  .tuple(arbitraryRegionFacts(OWNER_ID), fc.option(arbitraryRegionFacts(PARTICIPANT_ID), { nil: undefined }))
  .map(([owner, participant]) =>
    judgeState({
      vpc: { ownerId: OWNER_ID, region: REGION, vpcId: 'vpc-0' },
      viewers: [owner, participant].flatMap((facts) =>
        facts === undefined
          ? []
          : [
              {
                viewerAccountId: facts.target.accountId,
                scan: { slot: { kind: 'scan', at: NOW }, facts },
                pulse: undefined,
                hasExpired: false,
              },
            ],
      ),
      previous: undefined,
      policy: OPEN_POLICY,
      accounts: new Map(),
    }),
  );

describe('the state of a VPC', () => {
  it('comes back as it went', () => {
    expect(STATE_DOCUMENT.decode(encodeDocument(STATE_DOCUMENT, FULL_STATE))).toStrictEqual(FULL_STATE);
    fc.assert(
      fc.property(judgedState, (state) => {
        expect(STATE_DOCUMENT.decode(encodeDocument(STATE_DOCUMENT, state))).toStrictEqual(state);
      }),
    );
  });

  it('of version 2 is these bytes, for as long as it is read', () => {
    expect(STATE_DOCUMENT.schemaVersion).toBe(2);
    expectGolden('state-v2.hex', hexOf(encodeDocument(STATE_DOCUMENT, FULL_STATE)));
  });

  it('of version 2 is read in whatever order its texts come', () => {
    expect(STATE_DOCUMENT.decode(goldenBytes('state-v2-unordered.hex'))).toStrictEqual(FULL_STATE);
  });

  it('differs little from one that names fewer moments', () => {
    const [first, ...others] = FULL_STATE.subnets;
    if (first === undefined) {
      throw new Error('The full state has a subnet');
    }
    const subnets = Array.from({ length: 40 }, (_, index) => ({
      ...first,
      subnet: { ...first.subnet, subnetId: `subnet-${index}` },
    }));
    const earlier: VpcState = { ...FULL_STATE, subnets: [...subnets, ...others] };
    const later: VpcState = {
      ...earlier,
      observedAt: '2026-11-23T09:15:00.123Z',
      judgedFrom: earlier.judgedFrom.map((viewer) => ({ ...viewer, pulseSlot: 'pulse/2026-11-23T09:15:00.000Z' })),
    };
    const [base, bytes] = [encodeDocument(STATE_DOCUMENT, earlier), encodeDocument(STATE_DOCUMENT, later)];
    expect(difference(bytes, base)?.byteLength).toBeLessThan(150);
  });

  it('comes back with what was added to version 2', () => {
    const [subnet] = FULL_STATE.subnets;
    if (subnet === undefined) {
      throw new Error('The full state has a subnet');
    }
    const missing = { kind: 'blocks', dayCount: 0, neededDayCount: 3 } as const;
    const since = { ...missing, dayCount: 2, sinceDay: 20_778 } as const;
    const reason = { code: 'no-forecast', why: 'insufficient-history', ...missing } as const;
    const other = { kind: 'addresses', withinDays: 180, dayCount: 60 } as const;
    const [forecast] = FULL_STATE.subnets.flatMap(({ exhaustion }) =>
      exhaustion.state === 'forecast' ? [exhaustion] : [],
    );
    if (forecast === undefined) {
      throw new Error('The full state has a forecast');
    }
    const subnets = [
      { ...subnet, exhaustion: { ...forecast, missing } },
      { ...subnet, exhaustion: { ...forecast, missing: since } },
      { ...subnet, exhaustion: { state: 'insufficient-history', ...since, other } as const },
      {
        ...subnet,
        exhaustion: {
          state: 'insufficient-history',
          ...missing,
          other: { ...other, probabilityBelow: 0.1 },
        } as const,
        status: { status: 'healthy', reasons: [{ ...reason, sinceDay: 20_778 }] } as const,
      },
      {
        ...subnet,
        exhaustion: { state: 'not-expected', withinDays: 90, probabilityBelow: 0.1, dayCount: 60 } as const,
      },
      {
        ...subnet,
        exhaustion: { state: 'insufficient-history', ...missing } as const,
        status: { status: 'healthy', reasons: [reason] } as const,
      },
    ];
    const state = { ...FULL_STATE, subnets };
    expect(STATE_DOCUMENT.decode(encodeDocument(STATE_DOCUMENT, state))).toStrictEqual(state);
  });

  it('of version 1 is read as a single look, which a version 1 was', () => {
    const state = STATE_DOCUMENT.upcast?.(goldenBytes('state-v1.hex'));
    const noForecast = { code: 'no-forecast', why: 'no-history' };
    expect(state?.subnets).toHaveLength(3);
    for (const subnet of state?.subnets ?? []) {
      expect(subnet.exhaustion).toEqual({ state: 'no-history' });
      expect(subnet.floor).toEqual({ controlPlaneUpdateAddresses: 0, loadBalancerAddresses: 0 });
    }
    expect(state?.subnets[0]?.status.reasons.at(-1)).toEqual(noForecast);
    expect(state?.subnets[0]?.capacity).toEqual(FULL_STATE.subnets[0]?.capacity);
    expect(state?.gone).toEqual(FULL_STATE.gone);
    // What it becomes is a state of version 2.
    expect(state === undefined ? undefined : STATE_DOCUMENT.decode(encodeDocument(STATE_DOCUMENT, state))).toEqual(
      state,
    );
  });

  it('of version 1 that is damaged is refused as one of version 2 is', () => {
    expect(() => STATE_DOCUMENT.upcast?.(encodeColumns(1))).toThrow('the document holds no state: is no record');
    expect(() => STATE_DOCUMENT.upcast?.(encodeColumns({ ...FULL_STATE, subnets: [1] }))).toThrow('subnets 0');
  });

  it('lacks no field', () => {
    const names = Object.keys(FULL_STATE);
    expect(names).toHaveLength(10);
    for (const name of names) {
      const lacking = Object.fromEntries(Object.entries(FULL_STATE).filter(([key]) => key !== name));
      expect(() => STATE_DOCUMENT.decode(encodeColumns(lacking))).toThrow(`the document holds no state: lacks ${name}`);
    }
  });

  it.each([
    ['nothing', undefined, 'is no record'],
    ['a field too many', { ...FULL_STATE, more: 1 }, 'more is not known'],
    ['a version that is text', { ...FULL_STATE, statusRulesVersion: '1' }, 'statusRulesVersion is no number'],
    ['a subnet without a status', { ...FULL_STATE, subnets: [{}] }, 'subnets 0 lacks subnet'],
    ['gone of an unknown kind', { ...FULL_STATE, gone: [{ kind: 'vpc' }] }, 'gone 0 lacks id'],
  ])('is not read from %s', (_, value, problem) => {
    expect(() => STATE_DOCUMENT.decode(encodeColumns(value))).toThrow(`the document holds no state: ${problem}`);
  });

  it('is not written where nobody could read it', () => {
    const [subnet] = FULL_STATE.subnets;
    const strange: unknown = { ...FULL_STATE, subnets: [{ ...subnet, capacity: { source: 'guess' } }] };
    // What is written wrong is of the wrong type, so the test has to say that it is not.
    expect(() => encodeDocument(STATE_DOCUMENT, strange as VpcState)).toThrow('Cannot write state: subnets 0 capacity');
  });

  it('from damaged bytes is an error or a state, never anything else', () => {
    const bytes = encodeDocument(STATE_DOCUMENT, FULL_STATE);
    const outcomeOf = (damaged: Uint8Array) => {
      try {
        return { state: STATE_DOCUMENT.decode(damaged) };
      } catch (cause) {
        return { error: cause };
      }
    };
    let refusedCount = 0;
    fc.assert(
      fc.property(fc.nat({ max: bytes.byteLength - 1 }), fc.nat({ max: 255 }), (index, byte) => {
        const damaged = Buffer.from(bytes);
        damaged[index] = byte;
        const outcome = outcomeOf(damaged);
        if ('error' in outcome) {
          refusedCount += 1;
          expect(Object.getPrototypeOf(outcome.error)).toBe(Error.prototype);
        } else {
          expect(isDeepStrictEqual(outcomeOf(encodeDocument(STATE_DOCUMENT, outcome.state)), outcome)).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
    expect(refusedCount).toBeGreaterThan(0);
  });
});
