import type { CollectError, CollectErrorCode } from '../domain/fact.ts';

/**
 * The one place that knows AWS error names. Everything else works with `CollectErrorCode`.
 * EC2: https://docs.aws.amazon.com/ec2/latest/devguide/errors-overview.html
 * EKS, STS, Organizations: https://docs.aws.amazon.com/eks/latest/APIReference/CommonErrors.html
 */
const CODE_BY_ERROR_NAME: ReadonlyMap<string, CollectErrorCode> = new Map([
  ...names('access-denied', [
    'UnauthorizedOperation',
    'AccessDenied',
    'AccessDeniedException',
    'AuthFailure',
    'OptInRequired',
    'NotAuthorized',
    'AccessDeniedForDependencyException',
    'AWSOrganizationsNotInUseException',
  ]),
  ...names('throttled', [
    'RequestLimitExceeded',
    'Throttling',
    'ThrottlingException',
    'ThrottledException',
    'TooManyRequestsException',
    'RequestThrottled',
    'RequestThrottledException',
    'EC2ThrottledException',
    'SlowDown',
    'BandwidthLimitExceeded',
    'PriorRequestNotComplete',
  ]),
  ...names('credentials', [
    'CredentialsProviderError',
    'ProviderError',
    'TokenProviderError',
    'ExpiredToken',
    'ExpiredTokenException',
    'RequestExpired',
    'InvalidClientTokenId',
    'UnrecognizedClientException',
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
    'IncompleteSignature',
    'MissingAuthenticationToken',
    'MissingAuthenticationTokenException',
  ]),
  ...names('unsupported-by-endpoint', ['InvalidAction', 'UnknownOperationException', 'UnsupportedOperation']),
  ...names('not-found', ['ResourceNotFoundException', 'NotFoundException']),
]);

function names(code: CollectErrorCode, errorNames: readonly string[]): [string, CollectErrorCode][] {
  return errorNames.map((name) => [name, code]);
}

/** Node's codes of a connection that could not be made or was lost. https://nodejs.org/api/errors.html#common-system-errors */
const CONNECTION_ERROR_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EPIPE',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'EPROTO',
]);
/** https://nodejs.org/api/errors.html#openssl-error-codes */
const TLS_ERROR_CODE = /^ERR_(?:SSL|TLS)_/;

/** An answer that AWS's documentation does not allow: a required field is absent or a page token repeats. */
export class UnexpectedResponseError extends Error {
  override readonly name = 'UnexpectedResponseError';
}

/** The scan's own signal ended it. Not the signal's reason: the SDK takes a `TimeoutError` for a lost connection and tries again. */
export class ScanStoppedError extends Error {
  override readonly name = 'ScanStoppedError';
}

/** The endpoint answered twice as one that does not know the action: a status of 404, 500 or 501 without an AWS error code. */
export class UnsupportedByEndpointError extends Error {
  override readonly name = 'UnsupportedByEndpointError';
}

/**
 * Turns what an SDK call threw into a `CollectError`, or returns `undefined` where it is a bug of ours, which the caller rethrows.
 * `signal` is the one the call was given: an aborted call says why it was stopped.
 */
export function toCollectError(
  action: string,
  cause: unknown,
  signal: AbortSignal | undefined,
): CollectError | undefined {
  if (signal?.aborted) {
    return abortError(action, signal);
  }
  if (!(cause instanceof Error)) {
    return undefined;
  }
  const code = codeOf(cause);
  if (code === undefined) {
    return undefined;
  }
  return { action, code, message: messageOf(cause), awsErrorName: isAwsError(cause) ? cause.name : undefined };
}

function abortError(action: string, signal: AbortSignal): CollectError {
  const isTimeout = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
  return isTimeout
    ? { action, code: 'deadline-exceeded', message: 'The time allowed for the scan ran out', awsErrorName: undefined }
    : { action, code: 'cancelled', message: 'The scan was cancelled', awsErrorName: undefined };
}

function codeOf(error: Error): CollectErrorCode | undefined {
  if (error instanceof UnexpectedResponseError) {
    return 'unexpected-response';
  }
  if (error instanceof ScanStoppedError) {
    return 'cancelled';
  }
  if (error instanceof UnsupportedByEndpointError) {
    return 'unsupported-by-endpoint';
  }
  const named = CODE_BY_ERROR_NAME.get(error.name);
  if (named !== undefined) {
    return named;
  }
  if (/^Invalid\w*ID\.NotFound$/.test(error.name)) {
    return 'not-found';
  }
  if (isConnectionError(error)) {
    return 'endpoint-unreachable';
  }
  if (isAwsError(error)) {
    return 'service-error';
  }
  return isUnreadableAnswer(error) ? 'unexpected-response' : undefined;
}

/**
 * The SDK gives an error of its decoders the response; `$metadata` alone proves nothing, it is put on every error that
 * passes the retries. Node's HTTP parser names its errors `HPE_…`. https://nodejs.org/api/errors.html#hpe_header_overflow
 */
function isUnreadableAnswer(error: Error): boolean {
  return '$response' in error || nodeCodeOf(error).startsWith('HPE_');
}

function isConnectionError(error: Error): boolean {
  if (error.name === 'TimeoutError') {
    return true;
  }
  const code = nodeCodeOf(error);
  if (CONNECTION_ERROR_CODES.has(code) || TLS_ERROR_CODE.test(code)) {
    return true;
  }
  return error.cause instanceof Error && isConnectionError(error.cause);
}

function nodeCodeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function isAwsError(error: Error): boolean {
  return '$fault' in error && error.$fault !== undefined;
}

/** Node leaves the message of some connection errors empty; the SDK adds a hint for developers behind a line break. */
function messageOf(error: Error): string {
  const [firstLine = ''] = error.message.split('\n');
  if (firstLine !== '' && firstLine !== 'UnknownError') {
    return firstLine;
  }
  return nodeCodeOf(error) || error.name;
}
