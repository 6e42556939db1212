import { createRequire } from 'node:module';

/** As much of https://github.com/Level/abstract-level#iterator as is used. */
interface Closable {
  close(): Promise<void>;
}

/**
 * Lets dynalite close its iterators over LevelDB. It ends each by `return`, which they have not: they were kept, with what they
 * hold of the database, for as long as the process runs (dynalite 4.0.0, `db/index.js`).
 */
export function closeIterators(): void {
  const dynalite = createRequire(import.meta.url).resolve('dynalite');
  const level: unknown = createRequire(createRequire(dynalite).resolve('level'))('abstract-level');
  for (const name of ['AbstractKeyIterator', 'AbstractValueIterator']) {
    const prototype = prototypeOf(level, name);
    if (prototype !== undefined && !('return' in prototype)) {
      Object.defineProperty(prototype, 'return', {
        value(this: Closable) {
          return this.close();
        },
      });
    }
  }
}

function prototypeOf(exported: unknown, name: string): object | undefined {
  const found: unknown =
    typeof exported === 'object' && exported !== null
      ? Object.getOwnPropertyDescriptor(exported, name)?.value
      : undefined;
  const prototype: unknown = typeof found === 'function' ? found.prototype : undefined;
  return typeof prototype === 'object' && prototype !== null ? prototype : undefined;
}
