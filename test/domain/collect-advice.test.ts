import { describe, expect, it } from 'vitest';
import { collectAdvice } from '../../lib/domain/collect-advice.ts';
import type { CollectErrorCode } from '../../lib/domain/fact.ts';

function adviceFor(code: CollectErrorCode, action = 'ec2:DescribeSubnets') {
  return collectAdvice({ action, code, message: '', awsErrorName: undefined });
}

describe('what to do about something not seen', () => {
  it.each([
    ['sts:AssumeRole', '--role-name'],
    ['organizations:ListAccounts', '--accounts'],
    ['eks:ListAddons', 'allow eks:ListAddons'],
  ])('that was denied depends on the action: %s', (action, words) => {
    expect(adviceFor('access-denied', action)).toContain(words);
  });

  it.each<[CollectErrorCode, string]>([
    ['credentials', 'AWS_PROFILE'],
    ['throttled', 'later'],
    ['unsupported-by-endpoint', 'emulator'],
    ['endpoint-unreachable', 'AWS_ENDPOINT_URL'],
    ['deadline-exceeded', '--regions'],
    ['unexpected-response', 'report'],
    ['internal-error', 'report'],
  ])('because of %s names %s', (code, words) => {
    expect(adviceFor(code)).toContain(words);
  });

  it.each<CollectErrorCode>(['service-error', 'not-found', 'cancelled', 'not-attempted', 'not-due'])(
    'is not known for %s',
    (code) => {
      expect(adviceFor(code)).toBeUndefined();
    },
  );
});
