import {
  type AssumeRoleRequest,
  type AssumeRoleResponse,
  AssumeRole$ as assumeRoleSchema,
  type GetCallerIdentityRequest,
  type GetCallerIdentityResponse,
  GetCallerIdentity$ as getCallerIdentitySchema,
} from '@aws-sdk/client-sts';
import { type Call, deniedMessage } from '../call.ts';
import { assumedRoleIdentity, sessionCredentials } from '../credentials.ts';
import { type Failure, failure } from '../failure.ts';
import { queryProtocol } from '../protocol/query-protocol.ts';
import { type Operation, operation, operationsOf, type Service } from '../service.ts';
import type { SimulatedAccount } from '../state.ts';

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
const SESSION_SECONDS_DEFAULT = 3600;
const SESSION_SECONDS_MIN = 900;
const SESSION_SECONDS_MAX = 43_200;
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
const ROLE_ARN = /^arn:([^:]+):iam::(\d{12}):role\/(.+)$/;

const MILLISECONDS_PER_SECOND = 1000;

const invalidCredentials = failure(
  403,
  'InvalidClientTokenId',
  'The security token included in the request is invalid.',
);

const getCallerIdentity = global<GetCallerIdentityRequest, GetCallerIdentityResponse>(
  getCallerIdentitySchema,
  ({ caller }) => ({ Account: caller.accountId, Arn: caller.arn, UserId: caller.userId }),
);

const assumeRole = global<AssumeRoleRequest, AssumeRoleResponse>(assumeRoleSchema, (call, input) => {
  const invalid = invalidInput(input);
  if (invalid !== undefined) {
    return invalid;
  }
  // Both were just found to be there.
  const { RoleArn: roleArn = '', RoleSessionName: sessionName = '', DurationSeconds: seconds } = input;
  const [, partition, accountId = '', roleName = ''] = ROLE_ARN.exec(roleArn) ?? [];
  const target = call.aws.accounts.get(accountId);
  const role = partition === call.aws.partition && isOpen(target) ? target.roles.get(roleName) : undefined;
  if (role === undefined || (role.externalId !== undefined && role.externalId !== input.ExternalId)) {
    return failure(
      403,
      'AccessDenied',
      `User: ${call.caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    );
  }
  const expiresAtMs = call.aws.now().getTime() + (seconds ?? SESSION_SECONDS_DEFAULT) * MILLISECONDS_PER_SECOND;
  const { accessKeyId, secretAccessKey, sessionToken } = sessionCredentials({
    accountId,
    roleName,
    sessionName,
    expiresAtMs,
  });
  const identity = assumedRoleIdentity(call.aws.partition, accountId, roleName, sessionName);
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: new Date(expiresAtMs),
    },
    AssumedRoleUser: { Arn: identity.arn, AssumedRoleId: identity.userId },
  };
});

/** The part of STS that a scan uses. Who a role trusts is not simulated, only the external id it asks for. */
export const stsService: Service = {
  name: 'sts',
  protocol: queryProtocol('query', 'https://sts.amazonaws.com/doc/2011-06-15/'),
  operations: operationsOf(assumeRole, getCallerIdentity),
  invalidCredentials,
  expiredCredentials: failure(403, 'ExpiredToken', 'The security token included in the request is expired'),
  accessDenied: (call, iamAction) => failure(403, 'AccessDenied', deniedMessage(call, iamAction)),
  throttled: failure(400, 'Throttling', 'Rate exceeded'),
};

/** An action answered in every region except those the account has not opted in to. */
function global<Input extends object, Output extends object>(
  schema: Operation['schema'],
  run: (call: Call, input: Input) => Output | Failure,
): Operation {
  return operation<Input, Output>(schema, (call, input) =>
    call.account.regions.get(call.regionName)?.optInStatus === 'not-opted-in' ? invalidCredentials : run(call, input),
  );
}

function invalidInput(input: AssumeRoleRequest): Failure | undefined {
  const { RoleArn: roleArn, RoleSessionName: sessionName, DurationSeconds: seconds = SESSION_SECONDS_DEFAULT } = input;
  if (roleArn === undefined || !ROLE_ARN.test(roleArn)) {
    return failure(400, 'ValidationError', `${roleArn ?? 'Nothing'} is invalid as a role ARN`);
  }
  if (sessionName === undefined || !SESSION_NAME.test(sessionName)) {
    return failure(
      400,
      'ValidationError',
      `roleSessionName is "${sessionName ?? ''}", expected ${SESSION_NAME.source}`,
    );
  }
  if (seconds < SESSION_SECONDS_MIN || seconds > SESSION_SECONDS_MAX) {
    return failure(
      400,
      'ValidationError',
      `durationSeconds is ${seconds}, expected ${SESSION_SECONDS_MIN} to ${SESSION_SECONDS_MAX}`,
    );
  }
  return undefined;
}

/** A suspended or closed account has no role that can be assumed. */
function isOpen(account: SimulatedAccount | undefined): account is SimulatedAccount {
  return (
    account !== undefined &&
    account.state !== 'SUSPENDED' &&
    account.state !== 'CLOSED' &&
    account.status !== 'SUSPENDED'
  );
}
