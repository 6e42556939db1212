import { describe, expect, it } from 'vitest';
import { statusReasonText } from '../../../lib/domain/capacity/status-reason-text.ts';
import type { StatusReason } from '../../../lib/domain/capacity/subnet-status.ts';

const BOTH = { controlPlaneUpdateAddresses: 5, loadBalancerAddresses: 8 };
const error = { action: 'ec2:DescribeSubnets', code: 'access-denied', message: 'no', awsErrorName: undefined } as const;

describe('the sentence of a reason', () => {
  it.each<[StatusReason, string]>([
    [{ code: 'no-free-address', observed: 0, needed: 1 }, 'no free address'],
    [{ code: 'no-free-prefix', observed: 0, needed: 1 }, 'prefixes are in use and no /28 block is free'],
    [
      { code: 'free-addresses-at-floor', observed: 9, needed: 14, floor: BOTH },
      '9 addresses free, 14 needed: 5 for a control-plane update, 8 for load balancers, and one to spare',
    ],
    [
      { code: 'free-addresses-at-floor', observed: 1, needed: 6, floor: { ...BOTH, loadBalancerAddresses: 0 } },
      '1 address free, 6 needed: 5 for a control-plane update, and one to spare',
    ],
    [
      { code: 'free-addresses-at-floor', observed: 2, needed: 9, floor: { ...BOTH, controlPlaneUpdateAddresses: 0 } },
      '2 addresses free, 9 needed: 8 for load balancers, and one to spare',
    ],
    [{ code: 'few-free-addresses', observed: 1, needed: 38, ratio: 0.15 }, '1 address free, 15 % of the subnet is 38'],
    [
      { code: 'few-free-addresses', observed: 37, needed: 315, ratio: 0.3333 },
      '37 addresses free, 33.33 % of the subnet is 315',
    ],
    [
      { code: 'few-free-addresses', observed: 37, needed: 38, ratio: 0.15 },
      '37 addresses free, 15 % of the subnet is 38',
    ],
    [
      { code: 'few-free-prefixes', observed: 2, needed: 3, ratio: 0.1 },
      '2 /28 blocks free while prefixes are in use, 10 % of the most the subnet can have is 3',
    ],
    [
      { code: 'few-free-prefixes', observed: 1, needed: 2, ratio: 0.1 },
      '1 /28 block free while prefixes are in use, 10 % of the most the subnet can have is 2',
    ],
    [{ code: 'fact-not-seen', fact: 'subnets', error }, 'subnets not seen: ec2:DescribeSubnets access-denied'],
    [
      { code: 'owner-not-seen', ownerId: '444455556666' },
      'the owner account 444455556666 is not scanned, so who uses the addresses is not known',
    ],
    [{ code: 'cidr-unreadable', cidrBlock: '10.0.0.0/33' }, 'the CIDR block "10.0.0.0/33" cannot be read'],
    [{ code: 'ipv6-only' }, 'the subnet has no IPv4 addresses'],
    [{ code: 'no-forecast', why: 'no-history' }, 'no forecast: this is a single look, without history'],
    [
      { code: 'no-forecast', why: 'insufficient-history', dayCount: 2, neededDayCount: 3 },
      'no forecast of addresses yet: 2 of 3 days with at least 18 hours seen',
    ],
    [
      { code: 'no-forecast', why: 'insufficient-history', kind: 'blocks', dayCount: 0, neededDayCount: 3 },
      'no forecast of /28 blocks yet: 0 of 3 days with at least 18 hours counted',
    ],
    [
      { code: 'exhaustion-likely', kind: 'addresses', withinDays: 30, probability: 0.526 },
      '52.6 % likely to run out of addresses within 30 days',
    ],
    [
      { code: 'exhaustion-likely', kind: 'blocks', withinDays: 7, probability: 1 },
      '100 % likely to run out of /28 blocks within 7 days',
    ],
  ])('%j says what was measured and needed', (reason, text) => {
    expect(statusReasonText(reason)).toBe(text);
  });
});
