import { expect, it } from 'vitest';
import type { SubnetRoom } from '../../../lib/domain/capacity/binding-room.ts';
import { roomSourceText, roomText } from '../../../lib/domain/capacity/room-text.ts';

const OBSERVED_AT = '2026-11-23T08:00:00.000Z';

it.each<[string, string, Omit<SubnetRoom, 'observedAt'>]>([
  [
    '2 of 14 /28 blocks free',
    'counted from the network interfaces',
    { series: 'blocks', freeCount: 2, capacityCount: 14, countedFrom: 'network-interfaces' },
  ],
  [
    '1,020 of 4,091 addresses free',
    "by EC2's counter and the network interfaces",
    { series: 'addresses', freeCount: 1020, capacityCount: 4091, countedFrom: 'network-interfaces' },
  ],
  [
    '0 of 251 addresses free',
    "by EC2's counter alone",
    { series: 'addresses', freeCount: 0, capacityCount: 251, countedFrom: 'available-ip-address-count' },
  ],
])('says "%s", %s', (count, source, room) => {
  const seen = { ...room, observedAt: OBSERVED_AT };
  expect([roomText(seen), roomSourceText(seen)]).toEqual([count, source]);
});
