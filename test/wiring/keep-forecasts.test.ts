import { describe, expect, it } from 'vitest';
import type { VpcId } from '../../lib/domain/capacity/vpc-state.ts';
import { keepForecasts } from '../../lib/wiring/keep-forecasts.ts';
import { createFakeClock } from '../aws/fake-clock.ts';
import { FULL_FORECASTS } from '../store/full-forecasts.ts';

const VPC: VpcId = { ownerId: '111122223333', region: 'eu-west-1', vpcId: 'vpc-1' };
const OTHER_VPC: VpcId = { ...VPC, region: 'us-east-1' };

describe('forecasts that are kept', () => {
  it('are read once for each VPC, and again once they are as old as they may be', async () => {
    const clock = createFakeClock();
    const read: VpcId[] = [];
    const readForecasts = keepForecasts(clock, 1_000, async (vpc) => {
      read.push(vpc);
      return { version: `v${read.length}`, forecasts: FULL_FORECASTS };
    });
    expect((await readForecasts(VPC))?.version).toBe('v1');
    expect((await readForecasts({ ...VPC }))?.version).toBe('v1');
    expect((await readForecasts(OTHER_VPC))?.version).toBe('v2');
    await clock.advance(999);
    expect((await readForecasts(VPC))?.version).toBe('v1');
    await clock.advance(1);
    expect((await readForecasts(VPC))?.version).toBe('v3');
    expect(read).toEqual([VPC, OTHER_VPC, VPC]);
  });
});
