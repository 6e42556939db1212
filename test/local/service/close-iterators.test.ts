import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { closeIterators } from '../../../lib/local/service/close-iterators.ts';

it("lets the iterators of dynalite's database be ended by return", async () => {
  closeIterators();
  const requireOfDynalite = createRequire(createRequire(import.meta.url).resolve('dynalite'));
  const { MemoryLevel } = requireOfDynalite('memory-level');
  const database = new MemoryLevel();
  await database.put('a', '1');
  for (const iterator of [database.values(), database.keys()]) {
    await iterator.return();
    await expect(iterator.next()).rejects.toMatchObject({ code: 'LEVEL_ITERATOR_NOT_OPEN' });
  }
  await database.close();
});
