import { describe, expect, it } from 'vitest';
import { signatureOf, verifySignature } from '../../../lib/notify/slack/request-signature.ts';

/** The example of https://docs.slack.dev/authentication/verifying-requests-from-slack */
const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const TIMESTAMP = '1531420618';
const BODY =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
const SIGNATURE = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
const NOW_MS = 1_531_420_618_000;
const REQUEST = { timestamp: TIMESTAMP, signature: SIGNATURE, rawBody: BODY };

describe('the signature of a request', () => {
  it("is that of Slack's own example", () => {
    expect(signatureOf(SECRET, TIMESTAMP, BODY)).toBe(SIGNATURE);
    expect(verifySignature(REQUEST, [SECRET], NOW_MS)).toBe('valid');
  });

  it('holds with the old and the new secret while one replaces the other', () => {
    expect(verifySignature(REQUEST, ['new', SECRET], NOW_MS)).toBe('valid');
    expect(verifySignature(REQUEST, ['new'], NOW_MS)).toBe('mismatch');
  });

  it('is worth 5 minutes, before and after', () => {
    expect(verifySignature(REQUEST, [SECRET], NOW_MS + 300_000)).toBe('valid');
    expect(verifySignature(REQUEST, [SECRET], NOW_MS + 300_001)).toBe('stale');
    expect(verifySignature(REQUEST, [SECRET], NOW_MS - 300_000)).toBe('valid');
    expect(verifySignature(REQUEST, [SECRET], NOW_MS - 300_001)).toBe('stale');
  });

  it('covers the body and the time', () => {
    expect(verifySignature({ ...REQUEST, rawBody: `${BODY} ` }, [SECRET], NOW_MS)).toBe('mismatch');
    expect(verifySignature({ ...REQUEST, timestamp: '1531420619' }, [SECRET], NOW_MS)).toBe('mismatch');
  });

  it.each([
    [{ signature: undefined }, 'absent'],
    [{ timestamp: undefined }, 'absent'],
    [{ signature: SIGNATURE.slice(0, -1) }, 'malformed'],
    [{ signature: SIGNATURE.toUpperCase() }, 'malformed'],
    [{ timestamp: '1531420618.5' }, 'malformed'],
    [{ timestamp: '-1' }, 'malformed'],
  ] as const)('is refused with %j: %s', (changes, verdict) => {
    expect(verifySignature({ ...REQUEST, ...changes }, [SECRET], NOW_MS)).toBe(verdict);
  });

  it('is nothing where there is no secret', () => {
    const forged = { ...REQUEST, signature: signatureOf('', TIMESTAMP, BODY) };
    expect(verifySignature(forged, [''], NOW_MS)).toBe('mismatch');
    expect(verifySignature(REQUEST, [], NOW_MS)).toBe('mismatch');
  });
});
