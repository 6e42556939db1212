import { type FleetPart, fleetPartText, placeText, readFleetParts } from './fleet-parts.ts';
import { type FleetVersion, readFleetVersion } from './fleet-version.ts';
import type { StoreTable } from './table.ts';

/** A reader looks this often at most whether another fleet was published. */
const LOOK_EVERY_MS = 10_000;

/** What was read of a version of the fleet. */
export interface ReadVersion {
  readonly version: FleetVersion;
  /** By group and shard; some are of parts that it does not have any more. */
  readonly contents: ReadonlyMap<string, { readonly generation: string; readonly bytes: Uint8Array }>;
}

/** Returns the bytes of a part that was read; `undefined` where it was not. */
export function bytesOf({ contents }: ReadVersion, part: FleetPart | undefined): Uint8Array | undefined {
  return part === undefined ? undefined : contents.get(placeText(part))?.bytes;
}

/** Keeps what was made of some parts of the newest fleet, and looks now and then whether there is a newer one. */
export function newestParts<T>(
  table: StoreTable,
  partsOf: (version: FleetVersion) => readonly FleetPart[],
  make: (read: ReadVersion) => T,
) {
  let known: { readonly read: ReadVersion; readonly made: T } | undefined;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const startedAtMs = table.clock.now();
    const newer = await readNewer(table, partsOf, known?.read);
    if (newer !== undefined) {
      known = { read: newer, made: make(newer) };
    }
    lookedAtMs = startedAtMs;
  }

  return {
    /** `undefined` before the first roll-up. */
    async read(): Promise<T | undefined> {
      const sinceMs = table.clock.now() - lookedAtMs;
      // A clock that was set back does not keep a reader from looking.
      if (sinceMs < 0 || sinceMs >= LOOK_EVERY_MS) {
        looking ??= look().finally(() => {
          looking = undefined;
        });
        await looking;
      }
      return known?.made;
    },
    isKnown: (): boolean => known !== undefined,
    lookAgain(): void {
      lookedAtMs = Number.NEGATIVE_INFINITY;
    },
  };
}

/** Reads parts of the fleet where that is newer than what is known; `undefined` where it is not. */
async function readNewer(
  table: StoreTable,
  partsOf: (version: FleetVersion) => readonly FleetPart[],
  known: ReadVersion | undefined,
): Promise<ReadVersion | undefined> {
  const first = await readVersion(table, partsOf, known, { isConsistent: false });
  if (first.ok) {
    return first.newer;
  }
  // Parts expire an hour after they were replaced at the soonest, so an old version item is the likely reason.
  const second = await readVersion(table, partsOf, known, { isConsistent: true });
  if (second.ok) {
    return second.newer;
  }
  throw new Error(`Cannot read the fleet: ${second.problem}`);
}

type Reading =
  | { readonly ok: true; readonly newer: ReadVersion | undefined }
  | { readonly ok: false; readonly problem: string };

/** Parts that did not change are taken over. */
async function readVersion(
  table: StoreTable,
  partsOf: (version: FleetVersion) => readonly FleetPart[],
  known: ReadVersion | undefined,
  consistency: { readonly isConsistent: boolean },
): Promise<Reading> {
  const found = await readFleetVersion(table, consistency);
  if (found.kind === 'unreadable') {
    return { ok: false, problem: found.problem };
  }
  if (found.kind === 'none' || (known !== undefined && found.version.revision <= known.version.revision)) {
    return { ok: true, newer: undefined };
  }
  const { version } = found;
  const missing = partsOf(version).filter(
    (part) => known?.contents.get(placeText(part))?.generation !== part.generation,
  );
  const read = await readFleetParts(table, missing);
  const contents = new Map(known?.contents);
  for (const [index, part] of missing.entries()) {
    const bytes = read[index]?.bytes;
    if (bytes === undefined) {
      return { ok: false, problem: `${fleetPartText(part)} is missing or damaged` };
    }
    contents.set(placeText(part), { generation: part.generation, bytes });
  }
  return { ok: true, newer: { version, contents } };
}
