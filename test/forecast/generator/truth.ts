/** What really happened in a subnet, step by step, whoever looked. */
export interface Truth {
  /** Addresses that could be taken or were: reservations lower it. */
  readonly capacity: Int32Array;
  /** Addresses that were taken. */
  readonly held: Int32Array;
  /** Addresses that were wanted: above `capacity` where pods waited. */
  readonly wanted: Int32Array;
  /** Free /28 blocks; below zero by those that were wanted and not there. */
  readonly prefixesLeft: Int32Array;
}
