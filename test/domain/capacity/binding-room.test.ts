import { describe, expect, it } from 'vitest';
import { bindingRoom } from '../../../lib/domain/capacity/binding-room.ts';
import type { SubnetState } from '../../../lib/domain/capacity/region-state.ts';
import { aSubnetState, type SubnetSketch } from '../alert/a-vpc-state.ts';

const LISTED_AT = '2026-11-23T08:00:00.000Z';
const PULSED_AT = '2026-11-23T08:45:00.000Z';

function aState(sketch: Partial<SubnetSketch>, overrides: Partial<SubnetState> = {}): SubnetState {
  return { ...aSubnetState({ subnetId: 'subnet-a', free: 40, ...sketch }), observedAt: LISTED_AT, ...overrides };
}

describe('what of a subnet runs out first', () => {
  it.each([
    ['addresses where nothing takes prefixes', {}, 'addresses', 40, 251],
    ['blocks where nodes take them and nothing else', { blocks: 2 }, 'blocks', 2, 14],
    ['blocks though none is free any more', { blocks: 0 }, 'blocks', 0, 14],
    ['addresses where those who take blocks can do without', { blocks: 2, canFallBack: true }, 'addresses', 40, 251],
    ['blocks while a single address is left', { blocks: 1, free: 1 }, 'blocks', 1, 14],
    ['addresses where none is left either', { blocks: 1, free: 0 }, 'addresses', 0, 251],
  ] as const)('is %s', (_, sketch, series, freeCount, capacityCount) => {
    expect(bindingRoom(aState(sketch))).toMatchObject({ series, freeCount, capacityCount });
  });

  it('is as old as what it was counted from: a pulse counts addresses, and no blocks', () => {
    const pulse = { availableIpAddressCount: 30, observedAt: PULSED_AT };
    const pulsed = (sketch: Partial<SubnetSketch>) => {
      const state = aState(sketch, { networkInterfacesObservedAt: LISTED_AT });
      const { capacity } = state;
      return bindingRoom({ ...state, capacity: capacity === undefined ? undefined : { ...capacity, pulse } });
    };
    const countedFrom = 'network-interfaces';
    expect(pulsed({})).toMatchObject({ freeCount: 30, observedAt: PULSED_AT, countedFrom });
    expect(pulsed({ blocks: 2 })).toMatchObject({ freeCount: 2, observedAt: LISTED_AT, countedFrom });
    expect(bindingRoom(aState({}))).toMatchObject({ freeCount: 40, observedAt: LISTED_AT });
  });

  it('is addresses where nobody counted the blocks', () => {
    const state = aState({ blocks: 2 });
    const capacity = {
      source: 'available-ip-address-count',
      usableAddressCount: 251,
      availableIpAddressCount: 17,
      maxPrefixCount: 14,
      pulse: undefined,
    } as const;
    expect(bindingRoom({ ...state, capacity, networkInterfacesObservedAt: undefined })).toEqual({
      series: 'addresses',
      freeCount: 17,
      capacityCount: 251,
      countedFrom: 'available-ip-address-count',
      observedAt: LISTED_AT,
    });
  });

  it('is nothing without IPv4 addresses', () => {
    expect(bindingRoom(aState({}, { capacity: undefined }))).toBeUndefined();
  });
});
