import type { SubnetView } from '../api/subnet-view.ts';
import { integerText } from '../domain/text/number-text.ts';
import { Absent } from './absent.tsx';
import { whyNotCounted } from './why-not-counted.ts';

type Segment = 'used' | 'reserved' | 'free';

interface SegmentCount {
  readonly segment: Segment;
  readonly count: number;
  readonly word: string;
}

/** The bar is drawn in a box this wide, and no part of it that holds an address is narrower than the least width. */
const BAR_WIDTH = 100;
const BAR_HEIGHT = 10;
const SEGMENT_WIDTH_LEAST = 2;

/** A subnet's usable addresses as a bar of used, reserved and free ones, with the numbers beside it. */
export function RoomBar({ subnet }: { readonly subnet: SubnetView }) {
  const { usableAddressCount } = subnet;
  const segments = segmentsOf(subnet);
  if (usableAddressCount === null || segments === undefined) {
    return <Absent reason={whyNotCounted(subnet)} />;
  }
  const numbers = segments.map(({ count, word }) => `${integerText(count)} ${word}`);
  const total = `${integerText(usableAddressCount)} usable addresses`;
  return (
    <div class="room">
      <svg
        class="bar"
        viewBox={`0 0 ${BAR_WIDTH} ${BAR_HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${total}: ${numbers.join(', ')}`}
      >
        {placed(segments).map(({ segment, x, width }) => (
          <rect class={`bar-part-${segment}`} x={x} y={0} width={width} height={BAR_HEIGHT} />
        ))}
      </svg>
      <ul class="room-numbers">
        {segments.map(({ segment, count, word }) => (
          <li>
            <span class={`swatch swatch-${segment}`} aria-hidden="true" />
            <b>{integerText(count)}</b> {word}
          </li>
        ))}
        <li>of {integerText(usableAddressCount)} usable</li>
      </ul>
    </div>
  );
}

function segmentsOf(subnet: SubnetView): SegmentCount[] | undefined {
  const { usedAddressCount, reservedAddressCount, freeAddressCount } = subnet;
  if (usedAddressCount === null || reservedAddressCount === null || freeAddressCount === null) {
    return undefined;
  }
  const free = { segment: 'free', count: freeAddressCount, word: 'free' } as const;
  if (subnet.countedFrom === 'available-ip-address-count') {
    // EC2's counter alone does not tell a used address from a reserved one.
    const taken = usedAddressCount + reservedAddressCount;
    return [{ segment: 'used', count: taken, word: 'used or reserved' }, free];
  }
  return [
    { segment: 'used', count: usedAddressCount, word: 'used' },
    { segment: 'reserved', count: reservedAddressCount, word: 'reserved' },
    free,
  ];
}

interface PlacedSegment {
  readonly segment: Segment;
  readonly x: number;
  readonly width: number;
}

/** Shares the width by count; each part that is not empty first gets the least width, so that one address can be seen. */
function placed(segments: readonly SegmentCount[]): PlacedSegment[] {
  const present = segments.filter(({ count }) => count > 0);
  const total = present.reduce((sum, { count }) => sum + count, 0);
  const shared = BAR_WIDTH - SEGMENT_WIDTH_LEAST * present.length;
  let x = 0;
  return present.map(({ segment, count }) => {
    const width = rounded(SEGMENT_WIDTH_LEAST + (shared * count) / total);
    const part = { segment, x: rounded(x), width };
    x += width;
    return part;
  });
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}
