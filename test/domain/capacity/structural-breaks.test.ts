import { describe, expect, it } from 'vitest';
import type { SubnetState } from '../../../lib/domain/capacity/region-state.ts';
import { structuralBreaks } from '../../../lib/domain/capacity/structural-breaks.ts';
import type { VpcState } from '../../../lib/domain/capacity/vpc-state.ts';
import { aNodegroup } from '../../helpers/builders.ts';
import { denied, described } from '../../helpers/region-facts-builder.ts';
import { stateOf } from '../../store/state-of-size.ts';
import { idOf } from '../../store/vpc-of-size.ts';

const DAY = 20_780;
const STATE = stateOf({
  subnetCount: 2,
  clusterCount: 2,
  usedAddressCount: () => 20,
  observedAt: '2026-11-23T08:00:00.000Z',
});
const [FIRST, SECOND] = [idOf('subnet', 19_000), idOf('subnet', 19_001)] as const;
const NONE: ReadonlyMap<string, string> = new Map();

function breaksOf(before: VpcState, after: VpcState) {
  return Object.fromEntries(
    [...structuralBreaks({ state: before, reservations: NONE }, { state: after, reservations: NONE }, DAY)].map(
      ([subnetId, breaks]) => [subnetId, breaks.map(({ day, reason }) => `${day - DAY} ${reason}`)],
    ),
  );
}

type Nodegroups = VpcState['clusters'][number]['nodegroups'];

function withNodegroups(nodegroups: Nodegroups): VpcState {
  const [first, ...others] = STATE.clusters;
  return first === undefined ? STATE : { ...STATE, clusters: [{ ...first, nodegroups }, ...others] };
}

function withSubnet(change: Partial<SubnetState>): VpcState {
  const [first, ...others] = STATE.subnets;
  return first === undefined ? STATE : { ...STATE, subnets: [{ ...first, ...change }, ...others] };
}

const WITHOUT_FIRST = { ...STATE, clusters: STATE.clusters.slice(1) };

describe('a break', () => {
  it('is nothing that stays as it was', () => {
    expect(breaksOf(STATE, STATE)).toEqual({});
  });

  it('is a cluster that appears or is gone, for its subnets', () => {
    expect(breaksOf(WITHOUT_FIRST, STATE)).toEqual({ [FIRST]: ['0 cluster-created'] });
    expect(breaksOf(STATE, WITHOUT_FIRST)).toEqual({ [FIRST]: ['0 cluster-deleted'] });
  });

  it('is no cluster of an account that was not looked at before', () => {
    expect(breaksOf({ ...WITHOUT_FIRST, judgedFrom: [] }, STATE)).toEqual({});
    const pulsed = STATE.judgedFrom.map((viewer) => ({ ...viewer, scanSlot: undefined }));
    expect(breaksOf({ ...WITHOUT_FIRST, judgedFrom: pulsed }, STATE)).toEqual({});
  });

  it('is a node group that appears or is gone, for the subnets of the group', () => {
    const two = withNodegroups(
      described({ workers: aNodegroup({ subnetIds: [FIRST] }), more: aNodegroup({ subnetIds: [SECOND] }) }),
    );
    const one = withNodegroups(described({ workers: aNodegroup({ subnetIds: [FIRST] }) }));
    expect(breaksOf(one, two)).toEqual({ [SECOND]: ['0 nodegroup-created'] });
    expect(breaksOf(two, one)).toEqual({ [SECOND]: ['0 nodegroup-deleted'] });
  });

  it('is a node group that moves, for the subnets that it gets and those that it leaves', () => {
    const at = (...subnetIds: string[]) => withNodegroups(described({ workers: aNodegroup({ subnetIds }) }));
    expect(breaksOf(at(FIRST), at(SECOND))).toEqual({
      [FIRST]: ['0 nodegroup-subnets-changed'],
      [SECOND]: ['0 nodegroup-subnets-changed'],
    });
    expect(breaksOf(at(FIRST), at(FIRST, SECOND))).toEqual({ [SECOND]: ['0 nodegroup-subnets-changed'] });
    expect(breaksOf(at(FIRST, SECOND), at(SECOND, FIRST))).toEqual({});
  });

  it('is nothing that could not be seen before or after', () => {
    const unseen = withNodegroups({ names: denied('eks:ListNodegroups'), items: new Map() });
    const undescribed = withNodegroups({
      ...described({ workers: aNodegroup({ subnetIds: [SECOND] }) }),
      items: new Map([['workers', denied('eks:DescribeNodegroup')]]),
    });
    for (const other of [unseen, undescribed]) {
      expect(breaksOf(STATE, other)).toEqual({});
      expect(breaksOf(other, STATE)).toEqual({});
    }
  });

  it('is prefixes that come into use or out of it, where interfaces were listed both times', () => {
    const inUse = { inUse: true, canFallBack: false, prefixCountByKind: new Map(), isSetByAddon: false };
    const toggled = withSubnet({ prefixUse: inUse });
    expect(breaksOf(STATE, toggled)).toEqual({ [FIRST]: ['0 prefix-mode-toggled'] });
    expect(breaksOf(toggled, STATE)).toEqual({ [FIRST]: ['0 prefix-mode-toggled'] });
    const blind = withSubnet({ prefixUse: inUse, capacity: undefined });
    expect(breaksOf(STATE, blind)).toEqual({});
    expect(breaksOf(blind, STATE)).toEqual({});
  });

  it('is a reservation that is made or deleted, not one that was not listed before', () => {
    const of = (before: [string, string][], after: [string, string][]) =>
      structuralBreaks(
        { state: STATE, reservations: new Map(before) },
        { state: STATE, reservations: new Map(after) },
        DAY,
      );
    const changed = [{ day: DAY, reason: 'reservation-changed' }];
    expect([...of([[FIRST, '']], [[FIRST, '10.0.0.0/28 prefix']])]).toEqual([[FIRST, changed]]);
    expect([...of([[FIRST, '10.0.0.0/28 prefix']], [[FIRST, '']])]).toEqual([[FIRST, changed]]);
    expect([...of([], [[FIRST, '10.0.0.0/28 prefix']])]).toEqual([]);
    expect([...of([[FIRST, 'a']], [[FIRST, 'a']])]).toEqual([]);
  });
});
