import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeText, safeValue } from '../../lib/wiring/safe-text.ts';

/** Put together here, so that no file holds a text that looks like a key. */
const KEY_ID = `AS${'IA'}${'A1'.repeat(8)}`;
const SECRET = 'w9/sEcReT+vAlUe0==';

describe('text in the log', () => {
  it.each([
    ['The security token included in the request is invalid'],
    ['User: arn:aws:sts::111122223333:assumed-role/reader/x is not authorized to perform: ec2:DescribeSubnets'],
    ['Cannot read slot "scan/2026-11-23T08:00:00.000Z"'],
  ])('stays as it is where nothing is wrong with it: %s', (text) => {
    expect(safeText(text)).toBe(text);
  });

  it.each([
    [`x-amz-security-token:${SECRET}`],
    [`https://sts.amazonaws.com/?X-Amz-Security-Token=${SECRET}&Action=x`],
    [`"SessionToken": "${SECRET}"`],
    [`SecretAccessKey=${SECRET}`],
    [`aws_session_token = ${SECRET}`],
    [`Authorization: Bearer ${SECRET}`],
    [`X-Amz-Signature=${SECRET}`],
    [`{\\"secretAccessKey\\":\\"${SECRET}\\"}`],
  ])('loses what follows the name of a secret: %s', (text) => {
    expect(safeText(text)).toContain('[redacted]');
    expect(safeText(text)).not.toContain('sEcReT');
  });

  it('loses the ids of access keys', () => {
    expect(safeText(`credential ${KEY_ID} expired`)).toBe('credential [redacted] expired');
  });

  it.each([
    [2_000, 2_000],
    [2_001, 2_001],
    [50_000, 2_001],
  ])('of %i characters has %i at most, the mark included', (length, kept) => {
    expect(safeText('x'.repeat(length))).toHaveLength(kept);
  });
});

describe('a value in the log', () => {
  it('has nothing under the name of a secret', () => {
    const value = {
      accessKeyId: KEY_ID,
      sessionToken: SECRET,
      inner: [{ Authorization: SECRET, accountId: '111122223333' }],
    };
    expect(safeValue(value)).toEqual({
      accessKeyId: '[redacted]',
      sessionToken: '[redacted]',
      inner: [{ Authorization: '[redacted]', accountId: '111122223333' }],
    });
  });

  it('has of an error its name, its message, its stack and its causes, and nothing that hangs on it', () => {
    const cause = Object.assign(new Error(`x-amz-security-token:${SECRET}`), {
      $response: { headers: { cookie: SECRET } },
    });
    const error = new Error('Cannot ask', { cause });
    const safe = JSON.stringify(safeValue({ error }));
    expect(JSON.parse(safe)).toMatchObject({
      error: { name: 'Error', message: 'Cannot ask', cause: { name: 'Error' } },
    });
    expect(safe).not.toContain('sEcReT');
  });

  it('has each of the errors that one stands for', () => {
    const error = new AggregateError([new Error('first'), 'second'], 'Cannot tell 2 of 3');
    expect(safeValue(error)).toMatchObject({ message: 'Cannot tell 2 of 3', errors: [{ message: 'first' }, 'second'] });
  });

  it('ends where an error is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(safeValue(error)).length).toBeLessThan(20_000);
  });

  it('is always one bounded line', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (value) => {
        const line = JSON.stringify({ value: safeValue(value) });
        expect(line).not.toMatch(/[\n\r\u2028\u2029]/);
      }),
    );
  });
});
