import {
  type Account,
  type DescribeOrganizationResponse,
  DescribeOrganization$ as describeOrganizationSchema,
  type ListAccountsRequest,
  type ListAccountsResponse,
  ListAccounts$ as listAccountsSchema,
} from '@aws-sdk/client-organizations';
import { type Call, deniedMessage } from '../call.ts';
import { type Failure, failure } from '../failure.ts';
import { pageOf } from '../page.ts';
import { jsonProtocol } from '../protocol/json-protocol.ts';
import { operation, operationsOf, type Service } from '../service.ts';
import type { SimulatedAccount } from '../state.ts';

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
const PAGE_SIZE_MAX = 20;

const listAccounts = operation<ListAccountsRequest, ListAccountsResponse>(listAccountsSchema, (call, input) => {
  const { aws, account } = call;
  if (account.id !== aws.managementAccountId && !aws.delegatedAdministratorIds.has(account.id)) {
    return failure(400, 'AccessDeniedException', "You don't have permissions to access this resource.");
  }
  const size = input.MaxResults ?? PAGE_SIZE_MAX;
  if (!Number.isInteger(size) || size < 1 || size > PAGE_SIZE_MAX) {
    return invalidInput('MaxResults', `MaxResults is ${size}, expected 1 to ${PAGE_SIZE_MAX}`);
  }
  const page = pageOf(call, [...aws.accounts.values()], size, input.NextToken);
  return page === undefined
    ? invalidInput('INVALID_NEXT_TOKEN', `The NextToken is not valid: ${input.NextToken}`)
    : { Accounts: page.items.map(toAccount), NextToken: page.nextToken };
});

const describeOrganization = operation<object, DescribeOrganizationResponse>(describeOrganizationSchema, ({ aws }) => {
  const { partition, organizationId, managementAccountId } = aws;
  return {
    Organization: {
      Id: organizationId,
      Arn: `arn:${partition}:organizations::${managementAccountId}:organization/${organizationId}`,
      FeatureSet: 'ALL',
      MasterAccountId: managementAccountId,
      MasterAccountArn: aws.accounts.get(managementAccountId)?.arn,
      MasterAccountEmail: aws.accounts.get(managementAccountId)?.email,
    },
  };
});

/** The part of Organizations that a scan reads. */
export const organizationsService: Service = {
  name: 'organizations',
  protocol: jsonProtocol('AWSOrganizationsV20161128'),
  operations: operationsOf(describeOrganization, listAccounts),
  invalidCredentials: failure(
    400,
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  ),
  expiredCredentials: failure(400, 'ExpiredTokenException', 'The security token included in the request is expired'),
  accessDenied: (call: Call, iamAction) => failure(400, 'AccessDeniedException', deniedMessage(call, iamAction)),
  throttled: failure(400, 'TooManyRequestsException', "You've sent too many requests in too short a period of time."),
};

function toAccount({ id, arn, email, name, status, state }: SimulatedAccount): Account {
  return { Id: id, Arn: arn, Email: email, Name: name, Status: status, State: state, JoinedMethod: 'CREATED' };
}

function invalidInput(reason: string, message: string): Failure {
  return failure(400, 'InvalidInputException', message, { Reason: reason });
}
