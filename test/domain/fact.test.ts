import { describe, expect, it } from 'vitest';
import { isObservedSince, observed } from '../../lib/domain/fact.ts';
import { denied } from '../helpers/region-facts-builder.ts';

describe('a fact', () => {
  it.each([
    ['2026-11-23T07:59:59.999Z', false],
    ['2026-11-23T08:00:00.000Z', true],
    ['2026-11-23T08:00:00.001Z', true],
    ['2026-11-22T23:00:00.000Z', false],
  ])('of %s is observed since 08:00: %s', (observedAt, expected) => {
    expect(isObservedSince(observed('visible', observedAt), '2026-11-23T08:00:00.000Z')).toBe(expected);
  });

  it('that is unavailable, or not there at all, is observed since no time', () => {
    expect(isObservedSince(denied('ec2:DescribeVpcs'), '1970-01-01T00:00:00.000Z')).toBe(false);
    expect(isObservedSince(undefined, '1970-01-01T00:00:00.000Z')).toBe(false);
  });
});
