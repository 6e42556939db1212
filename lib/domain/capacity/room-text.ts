import { integerText } from '../text/number-text.ts';
import { seriesText } from '../trend/series-text.ts';
import type { SubnetRoom } from './binding-room.ts';

/** Says how much of something is left, for example `2 of 14 /28 blocks free`. */
export function roomText({ series, freeCount, capacityCount }: SubnetRoom): string {
  return `${integerText(freeCount)} of ${integerText(capacityCount)} ${seriesText(series)} free`;
}

/** Says what the count rests on. What follows is as of when. */
export function roomSourceText({ series, countedFrom }: SubnetRoom): string {
  if (countedFrom === 'available-ip-address-count') {
    return "by EC2's counter alone";
  }
  return series === 'blocks' ? 'counted from the network interfaces' : "by EC2's counter and the network interfaces";
}
