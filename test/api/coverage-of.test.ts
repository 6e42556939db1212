import { describe, expect, it } from 'vitest';
import { coverageOf } from '../../lib/api/coverage-of.ts';
import { ALPHA, anApiWorld, BETA } from './api-world.ts';

async function aRun() {
  const { fleets } = (await anApiWorld()).ports;
  const run = (await fleets.readFleet())?.scan;
  if (run === undefined) {
    throw new Error('Expected a scan');
  }
  return run;
}

describe('the coverage of a run', () => {
  it('is that of the accounts that may be seen, whoever asked before', async () => {
    const run = await aRun();
    const counts = [undefined, [ALPHA.accountId], [ALPHA.accountId, BETA.accountId], [ALPHA.accountId]].map(
      (visible) => coverageOf(run, visible)?.targetsExpected,
    );
    expect(counts).toEqual([3, 1, 2, 1]);
    expect(coverageOf(run, ['999999999999'])).toBeNull();
    expect(coverageOf(run, [])).toBeNull();
    expect(coverageOf(undefined, undefined)).toBeNull();
  });

  it('is worked out once for a run and the same accounts in any order', async () => {
    const run = await aRun();
    const first = coverageOf(run, [ALPHA.accountId, BETA.accountId]);
    expect(coverageOf(run, [BETA.accountId, ALPHA.accountId])).toBe(first);
    expect(coverageOf({ ...run }, [BETA.accountId, ALPHA.accountId])).not.toBe(first);
  });
});

describe('a list of what scans saw', () => {
  it.each(['/v1/subnets', '/v1/clusters', '/v1/alerts'])(
    'says at %s which scan it rests on, as far as that may be seen',
    async (path) => {
      const coverage = async (accountIds: readonly string[] | undefined) => {
        const { ask } = await anApiWorld({
          authenticate: async () => ({ ok: true, value: { name: 'somebody', scopes: ['read'], accountIds } }),
        });
        return (await ask(path)).json;
      };
      expect(await coverage(undefined)).toMatchObject({ coverage: { targetsExpected: 3 } });
      expect(await coverage([ALPHA.accountId])).toMatchObject({ coverage: { targetsExpected: 1 } });
      expect(await coverage([])).toMatchObject({ coverage: null });
    },
  );
});
