import type { CidrReservation } from './address-holder.ts';
import { type ProblemList, reportOverlaps, reportProblem } from './address-problems.ts';
import { assignableRange, assignableSpan, type OffsetRange } from './assignable-span.ts';
import { type Cidr, cidrContains, cidrSize, cidrsOverlap, PREFIX_LENGTH, parseCidr } from './cidr.ts';
import { addOffsetRange, createOffsetBits, type OffsetBits } from './offset-bits.ts';

/** The assignable addresses that CIDR reservations cover, used or not. */
export interface ReservationBits {
  readonly reserved: OffsetBits;
  /** Of reservations that give no prefix: `explicit`, and types not known. */
  readonly explicit: OffsetBits;
  /** Of `prefix` reservations of a /28 or more: a block lies in one of them as a whole or not at all. */
  readonly prefix: OffsetBits;
}

interface ParsedReservation extends OffsetRange {
  readonly reservation: CidrReservation;
  readonly cidr: Cidr;
}

/**
 * Returns what a subnet's reservations cover, or `undefined` where they cover nothing, and reports what is wrong with them.
 * https://docs.aws.amazon.com/vpc/latest/userguide/subnet-cidr-reservation.html
 */
export function reservationBits(
  subnet: Cidr,
  reservations: readonly CidrReservation[],
  problems: ProblemList,
): ReservationBits | undefined {
  const parsed = parseReservations(subnet, reservations, problems);
  reportOverlaps(parsed, (range, other) =>
    reportProblem(problems, () => ({
      code: 'reservation-overlap',
      reservation: range.reservation,
      otherReservation: other.reservation,
    })),
  );
  if (parsed.length === 0) {
    return undefined;
  }
  const size = cidrSize(subnet);
  const span = assignableSpan(subnet);
  const bits = { reserved: createOffsetBits(size), explicit: createOffsetBits(size), prefix: createOffsetBits(size) };
  for (const { reservation, cidr } of parsed) {
    const range = assignableRange(span, cidr);
    if (range === undefined) {
      continue;
    }
    addOffsetRange(bits.reserved, range.first, range.last);
    if (reservation.reservationType !== 'prefix') {
      addOffsetRange(bits.explicit, range.first, range.last);
    } else if (cidr.prefixLength <= PREFIX_LENGTH) {
      addOffsetRange(bits.prefix, range.first, range.last);
    }
  }
  return bits;
}

/** Returns the reservations that share an address with the subnet, as offsets from its base. */
function parseReservations(
  subnet: Cidr,
  reservations: readonly CidrReservation[],
  problems: ProblemList,
): ParsedReservation[] {
  const parsed: ParsedReservation[] = [];
  for (const reservation of reservations) {
    if (reservation.reservationType !== 'prefix' && reservation.reservationType !== 'explicit') {
      reportProblem(problems, () => ({ code: 'reservation-type-unknown', reservation }));
    }
    const cidr = parseCidr(reservation.cidr);
    if (cidr === undefined) {
      reportProblem(problems, () => ({ code: 'reservation-malformed', reservation }));
      continue;
    }
    if (!cidrContains(subnet, cidr)) {
      reportProblem(problems, () => ({ code: 'reservation-outside-subnet', reservation }));
    }
    if (cidrsOverlap(subnet, cidr)) {
      const first = cidr.base - subnet.base;
      parsed.push({ reservation, cidr, first, last: first + cidrSize(cidr) - 1 });
    }
  }
  return parsed;
}
