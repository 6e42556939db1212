import { describe, expect, it } from 'vitest';
import { anOrganization, aPlace, MANAGEMENT_ID, MEMBER_ID } from '../audit/simulated-region.ts';
import { countByAction, observerOf, recordRequests } from '../helpers/simulated-audit.ts';

describe('the entrance to accounts', () => {
  it('uses the own credentials of the caller at home, and the role elsewhere', async () => {
    const { aws } = anOrganization();
    aPlace(aws, MEMBER_ID);
    const requests = recordRequests(aws);
    await (await observerOf(aws, { callerId: MANAGEMENT_ID })).regions();
    expect(countByAction(requests)).toEqual({ 'ec2:DescribeRegions': 1 });
    await (await observerOf(aws, { callerId: MANAGEMENT_ID }, MEMBER_ID)).regions();
    expect(countByAction(requests)).toEqual({ 'sts:AssumeRole': 1, 'ec2:DescribeRegions': 2 });
  });

  it('takes on the role at home too where the caller may read nothing itself', async () => {
    const { aws } = anOrganization();
    const requests = recordRequests(aws);
    const observer = await observerOf(aws, { callerId: MANAGEMENT_ID, isTakenAtHome: true });
    expect((await observer.regions()).state).toBe('observed');
    expect(countByAction(requests)).toEqual({ 'sts:AssumeRole': 1, 'ec2:DescribeRegions': 1 });
  });
});
