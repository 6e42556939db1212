import { describe, expect, it } from 'vitest';
import { createLocalLeases } from '../../../lib/local/service/local-leases.ts';

describe('createLocalLeases', () => {
  it('gives a lease to one at a time, and to the next when it is released', async () => {
    const leases = createLocalLeases();
    const token = await leases.acquireLease('roll-up', 1_000);
    expect(token).toBeDefined();
    expect(await leases.acquireLease('roll-up', 1_000)).toBeUndefined();
    expect(await leases.acquireLease('other', 1_000)).toBeDefined();
    await leases.releaseLease('roll-up', token ?? '');
    expect(await leases.acquireLease('roll-up', 1_000)).toBeDefined();
  });

  it('does not let go of a lease for the token of an earlier holder', async () => {
    const leases = createLocalLeases();
    const first = (await leases.acquireLease('roll-up', 1_000)) ?? '';
    await leases.releaseLease('roll-up', first);
    await leases.acquireLease('roll-up', 1_000);
    await leases.releaseLease('roll-up', first);
    expect(await leases.acquireLease('roll-up', 1_000)).toBeUndefined();
  });
});
