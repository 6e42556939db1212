import { createHmac, timingSafeEqual } from 'node:crypto';

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
const SIGNATURE_VERSION = 'v0';
/** A request that is older, or from further in the future, may be one that somebody recorded. */
const REPLAY_SECONDS_MAX = 300;
const SECONDS = /^\d{1,12}$/;
const SIGNATURE = /^v0=[0-9a-f]{64}$/;
const MS_PER_SECOND = 1_000;

export interface SignedRequest {
  /** The header `X-Slack-Request-Timestamp`: seconds since 1970. */
  readonly timestamp: string | undefined;
  /** The header `X-Slack-Signature`. */
  readonly signature: string | undefined;
  /** The body as it came, before anything read it. */
  readonly rawBody: string;
}

export type SignatureVerdict = 'valid' | 'absent' | 'malformed' | 'stale' | 'mismatch';

/**
 * Says whether Slack signed a request, with one of the secrets that are valid now (the old and the new one while it rotates), at
 * most 5 minutes ago. The comparison takes as long whatever differs.
 */
export function verifySignature(
  { timestamp, signature, rawBody }: SignedRequest,
  signingSecrets: readonly string[],
  nowMs: number,
): SignatureVerdict {
  if (timestamp === undefined || signature === undefined) {
    return 'absent';
  }
  if (!SECONDS.test(timestamp) || !SIGNATURE.test(signature)) {
    return 'malformed';
  }
  if (Math.abs(nowMs / MS_PER_SECOND - Number(timestamp)) > REPLAY_SECONDS_MAX) {
    return 'stale';
  }
  const given = Buffer.from(signature);
  // Every secret is tried, so that the time taken does not say which one it was; an empty one would be anybody's.
  const matches = signingSecrets
    .filter((secret) => secret !== '')
    .map((secret) => timingSafeEqual(Buffer.from(signatureOf(secret, timestamp, rawBody)), given));
  return matches.includes(true) ? 'valid' : 'mismatch';
}

/** The signature that Slack puts on a request. */
export function signatureOf(secret: string, timestamp: string, rawBody: string): string {
  const digest = createHmac('sha256', secret).update(`${SIGNATURE_VERSION}:${timestamp}:${rawBody}`).digest('hex');
  return `${SIGNATURE_VERSION}=${digest}`;
}
