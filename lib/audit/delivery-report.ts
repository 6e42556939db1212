/** What came of telling something, whole or in part. */
export interface DeliveryReport {
  /** What need not come again: told, shown in a preview, or for nobody. */
  readonly done: readonly { readonly alertId: string; readonly sequence: number }[];
  /** Messages. */
  readonly toldCount: number;
  /** Of those, how many are marked as possibly told before. */
  readonly repeatedCount: number;
  readonly previewedCount: number;
  /** What was not taken, and why. It stays to be told. */
  readonly refusals: readonly { readonly recipient: string; readonly error: string }[];
  /** When what is left can be tried again, in milliseconds since 1970; `undefined` where nothing is left, or it is refused. */
  readonly againAtMs: number | undefined;
}

/** What comes of telling nothing. */
export const NOTHING_TOLD: DeliveryReport = {
  done: [],
  toldCount: 0,
  repeatedCount: 0,
  previewedCount: 0,
  refusals: [],
  againAtMs: undefined,
};

/** What came of two deliveries. */
export function bothReports(a: DeliveryReport, b: DeliveryReport): DeliveryReport {
  const times = [a.againAtMs, b.againAtMs].filter((ms) => ms !== undefined);
  return {
    done: [...a.done, ...b.done],
    toldCount: a.toldCount + b.toldCount,
    repeatedCount: a.repeatedCount + b.repeatedCount,
    previewedCount: a.previewedCount + b.previewedCount,
    refusals: [...a.refusals, ...b.refusals],
    againAtMs: times.length === 0 ? undefined : Math.min(...times),
  };
}
