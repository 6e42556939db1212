import type { SubnetRoom } from '../domain/capacity/binding-room.ts';
import type { SubnetRoomView } from './subnet-room-view.ts';

/** Turns what is left into its view. */
export function toSubnetRoomView({
  series,
  freeCount,
  capacityCount,
  countedFrom,
  observedAt,
}: SubnetRoom): SubnetRoomView {
  return { series, freeCount, capacityCount, countedFrom, observedAt };
}
