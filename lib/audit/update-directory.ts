import { EMPTY_DIRECTORY } from './refresh-directory.ts';
import type { Directory, DirectoryStore } from './store-ports.ts';

export interface DirectoryUpdate<T> {
  /** `undefined` leaves the directory as it is. */
  readonly directory: Directory | undefined;
  readonly result: T;
}

/** Planners of one slot are few: more conflicts than this are no accident, and the trigger comes again. */
const ATTEMPTS_MOST = 10;

/** Changes the directory as it stands; where another planner was faster, changes what that one left. */
export async function updateDirectory<T>(
  store: DirectoryStore,
  change: (known: Directory) => Promise<DirectoryUpdate<T>>,
): Promise<T> {
  for (let attempt = 0; attempt < ATTEMPTS_MOST; attempt += 1) {
    const stored = await store.readDirectory();
    const { directory, result } = await change(stored?.directory ?? EMPTY_DIRECTORY);
    if (directory === undefined || (await store.writeDirectory(directory, stored?.version)) === 'written') {
      return result;
    }
  }
  throw new Error(`Cannot write the directory: others changed it ${ATTEMPTS_MOST} times in a row`);
}
