import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import type { Clock } from './clock.ts';
import { UnexpectedResponseError } from './errors.ts';

/** The shortest session STS gives; sessions are renewed as long as a scan runs. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const SESSION_SECONDS = 900;
/** When the SDK too asks for new ones. A call gets its credentials before it waits for its rate limit, which can take minutes. */
const RENEW_BEFORE_EXPIRY_MS = 5 * 60_000;

export interface RoleToAssume {
  readonly roleArn: string;
  readonly roleSessionName: string;
  readonly externalId: string | undefined;
}

/** The ARN of a role in an account of a partition (`aws`, `aws-us-gov`, `aws-cn`). */
export function roleArn(partition: string, accountId: string, roleName: string): string {
  return `arn:${partition}:iam::${accountId}:role/${roleName}`;
}

/** The session of a role, shared by whoever enters its account while it lasts. */
export interface RoleSession {
  current: Promise<AwsCredentialIdentity> | undefined;
  renewAtMs: number;
}

export function newRoleSession(): RoleSession {
  return { current: undefined, renewAtMs: 0 };
}

/**
 * Returns a provider of credentials for the role: one session for all clients of an account, renewed before it expires.
 * The provider throws what STS answers.
 */
export function assumedRoleCredentials(
  sts: () => STSClient,
  role: RoleToAssume,
  {
    clock,
    signal,
    session = newRoleSession(),
  }: { readonly clock: Clock; readonly signal: AbortSignal; readonly session?: RoleSession },
): () => Promise<AwsCredentialIdentity> {
  return async () => {
    if (session.current === undefined || clock.now() >= session.renewAtMs) {
      session.renewAtMs = clock.now() + SESSION_SECONDS * 1000 - RENEW_BEFORE_EXPIRY_MS;
      const renewed = assumeRole(sts(), role, signal);
      session.current = renewed;
      // What failed is not a session: the next call asks again. Whoever waits for this one still gets the error.
      renewed.catch(() => {
        if (session.current === renewed) {
          session.current = undefined;
        }
      });
    }
    return session.current;
  };
}

async function assumeRole(sts: STSClient, role: RoleToAssume, signal: AbortSignal): Promise<AwsCredentialIdentity> {
  const input = {
    RoleArn: role.roleArn,
    RoleSessionName: role.roleSessionName,
    DurationSeconds: SESSION_SECONDS,
    ExternalId: role.externalId,
  };
  const { Credentials } = await sts.send(new AssumeRoleCommand(input), { abortSignal: signal });
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw new UnexpectedResponseError(`Cannot assume role "${role.roleArn}": the answer holds no credentials`);
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    ...(Expiration === undefined ? {} : { expiration: Expiration }),
  };
}
