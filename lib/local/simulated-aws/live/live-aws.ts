import type { SimulatedAws } from '../state.ts';
import { moveWorld, STEP_MS, type World } from './world.ts';

/** A simulated AWS whose clock can be moved. */
export interface LiveAws {
  /** Stays the same object; what is in its accounts is replaced when time moves back. */
  readonly aws: SimulatedAws;
  /** Moves the world to an instant, forwards or back. What is then there depends on the instant alone. */
  readonly advanceTo: (instant: Date) => void;
  /** Applies one of the scenarios' remedies at an instant, which may lie in the past. */
  readonly applyRemedy: (name: string, at: Date) => void;
  /** The names that `applyRemedy` takes. */
  readonly remedies: () => readonly string[];
}

/**
 * Makes a simulated AWS live. `build` returns the world at its beginning, the same one each time; the world moves in fixed
 * steps, so that it does not matter how far it is moved at once, and moving back is building it anew (see docs/adr/0007).
 */
export function liveAws(build: () => World): LiveAws {
  const applied: { readonly name: string; readonly atMs: number }[] = [];
  let world = begin(build, applied);
  const beginMs = world.nowMs;
  const { aws } = world;
  const moveTo = (untilMs: number): void => {
    if (untilMs < beginMs + STEP_MS) {
      throw new Error(
        `Cannot move the simulated AWS to ${new Date(untilMs).toISOString()}: it begins at ${new Date(beginMs + STEP_MS).toISOString()}`,
      );
    }
    if (untilMs < world.nowMs) {
      world = begin(build, applied);
    }
    moveWorld(world, untilMs);
    showIn(aws, world);
  };
  return {
    aws,
    advanceTo: (instant) => moveTo(instant.getTime()),
    applyRemedy(name, at) {
      if (!world.remedies.has(name)) {
        throw new Error(`Cannot apply the remedy "${name}": expected one of ${[...world.remedies.keys()].join(', ')}`);
      }
      applied.push({ name, atMs: at.getTime() });
      const { nowMs } = world;
      world = begin(build, applied);
      moveTo(nowMs);
    },
    remedies: () => [...world.remedies.keys()],
  };
}

function begin(build: () => World, applied: readonly { readonly name: string; readonly atMs: number }[]): World {
  const world = build();
  for (const { name, atMs } of applied) {
    const remedy = world.remedies.get(name);
    if (remedy !== undefined) {
      // What was applied before the world begins is there from its first step on.
      world.events.push({ atMs: Math.max(atMs, world.nowMs + 1), happen: remedy });
    }
  }
  return world;
}

function showIn(aws: SimulatedAws, { aws: { accounts } }: World): void {
  if (aws.accounts !== accounts) {
    aws.accounts.clear();
    for (const [id, account] of accounts) {
      aws.accounts.set(id, account);
    }
  }
}
