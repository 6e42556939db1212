/**
 * Credentials that carry their own meaning, so that nothing has to be kept. Signatures are not checked: whoever knows an
 * account's id can speak for it.
 */
export interface SimulatedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface SimulatedSession extends SimulatedCredentials {
  readonly sessionToken: string;
}

export interface Caller {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
}

interface AssumedRole {
  readonly accountId: string;
  readonly roleName: string;
  readonly sessionName: string;
  readonly expiresAtMs: number;
}

/** The parts of a Signature Version 4 credential scope. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

const SECRET_ACCESS_KEY = 'simulated/secret/access/key/0000000000000';
// Access key ids have 20 characters; AKIA marks a user's, ASIA a session's.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
const ACCESS_KEY_ID = /^(AKIA|ASIA)SIM(\d{12})X$/;

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
const AUTHORIZATION = /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request\b/;

/** Returns an access key of an account's own user, with every permission the account does not deny. */
export function simulatedCredentials(accountId: string): SimulatedCredentials {
  return { accessKeyId: `AKIASIM${accountId}X`, secretAccessKey: SECRET_ACCESS_KEY };
}

/** Returns the credentials of an assumed role; its name, session name and expiry travel in the session token. */
export function sessionCredentials(assumed: AssumedRole): SimulatedSession {
  return {
    accessKeyId: `ASIASIM${assumed.accountId}X`,
    secretAccessKey: SECRET_ACCESS_KEY,
    sessionToken: Buffer.from(JSON.stringify(assumed)).toString('base64url'),
  };
}

/** Reads the credential scope of an `Authorization` header, or `undefined` where it is not Signature Version 4. */
export function parseAuthorization(header: string | undefined): CredentialScope | undefined {
  const [, accessKeyId, region, service] = AUTHORIZATION.exec(header ?? '') ?? [];
  return accessKeyId === undefined || region === undefined || service === undefined
    ? undefined
    : { accessKeyId, region, service };
}

/** Says who holds an access key: a caller, or why there is none. The account may still be unknown. */
export function identifyCaller(
  accessKeyId: string,
  sessionToken: string | undefined,
  partition: string,
  now: Date,
): Caller | 'invalid' | 'expired' {
  const [, kind, accountId] = ACCESS_KEY_ID.exec(accessKeyId) ?? [];
  if (accountId === undefined) {
    return 'invalid';
  }
  if (kind === 'AKIA') {
    return {
      accountId,
      arn: `arn:${partition}:iam::${accountId}:user/simulated`,
      userId: `AIDASIM${accountId}XX`,
    };
  }
  const assumed = parseSessionToken(sessionToken);
  if (assumed === undefined || assumed.accountId !== accountId) {
    return 'invalid';
  }
  if (assumed.expiresAtMs <= now.getTime()) {
    return 'expired';
  }
  const { roleName, sessionName } = assumed;
  return { accountId, ...assumedRoleIdentity(partition, accountId, roleName, sessionName) };
}

/**
 * The ARN and id of an assumed role's session; the ARN leaves the role's path out.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */
export function assumedRoleIdentity(
  partition: string,
  accountId: string,
  roleName: string,
  sessionName: string,
): { readonly arn: string; readonly userId: string } {
  const name = roleName.slice(roleName.lastIndexOf('/') + 1);
  return {
    arn: `arn:${partition}:sts::${accountId}:assumed-role/${name}/${sessionName}`,
    userId: `AROASIM${accountId}XX:${sessionName}`,
  };
}

function parseSessionToken(token: string | undefined): AssumedRole | undefined {
  if (token === undefined) {
    return undefined;
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
  return isAssumedRole(parsed) ? parsed : undefined;
}

function isAssumedRole(value: unknown): value is AssumedRole {
  return (
    typeof value === 'object' &&
    value !== null &&
    'accountId' in value &&
    typeof value.accountId === 'string' &&
    'roleName' in value &&
    typeof value.roleName === 'string' &&
    'sessionName' in value &&
    typeof value.sessionName === 'string' &&
    'expiresAtMs' in value &&
    typeof value.expiresAtMs === 'number'
  );
}
