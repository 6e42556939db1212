import { ListAccountsCommand, type Account as SdkAccount } from '@aws-sdk/client-organizations';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Account, AccountDirectory, Caller } from '../audit/ports.ts';
import type { AwsClients, Credentials } from '../aws/clients.ts';
import type { Clock } from '../aws/clock.ts';
import { UnexpectedResponseError } from '../aws/errors.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { collectFact, collectListing } from './collection.ts';
import { DISCOVERY_TABLE } from './fact-table.ts';
import { absentFields } from './parsing.ts';

export interface HomeOptions {
  readonly clients: AwsClients;
  /** The credentials the audit was started with. */
  readonly credentials: Credentials;
  /** The region whose STS and Organizations endpoints are used. */
  readonly homeRegion: string;
  readonly clock: Clock;
}

/** The rate-limit scope of calls that come before the caller's account is known. */
const CALLER_SCOPE = 'caller';

/** Returns a directory that asks STS who the caller is and Organizations which accounts there are. */
export function createAccountDirectory({ clients, credentials, homeRegion, clock }: HomeOptions): AccountDirectory {
  const scope = (signal: AbortSignal) => ({ accountId: CALLER_SCOPE, region: homeRegion, credentials, signal });
  return {
    async caller(signal) {
      const fact = await collectFact(DISCOVERY_TABLE.callerIdentity.action, { clock, signal }, async () => {
        const sts = clients.sts(scope(signal));
        const { Account: accountId, Arn } = await sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
        return callerOf(accountId, Arn);
      });
      return fact.state === 'observed' ? ok(fact.value) : err(fact.error);
    },
    async organizationAccounts(signal) {
      const { action, pageSize } = DISCOVERY_TABLE.accounts;
      const organizations = clients.organizations(scope(signal));
      return collectListing(
        { clock, signal },
        {
          action,
          fetch: (NextToken) =>
            organizations.send(new ListAccountsCommand({ MaxResults: pageSize, NextToken }), { abortSignal: signal }),
          nextToken: (page) => page.NextToken,
          // A page of Organizations may be empty and still name a next one.
          items: (page) => page.Accounts ?? [],
          parse: parseAccount,
        },
      );
    },
  };
}

function callerOf(accountId: string | undefined, arn: string | undefined): Caller {
  const partition = arn?.split(':')[1];
  if (accountId === undefined || partition === undefined || partition === '') {
    throw new UnexpectedResponseError(`Cannot read the caller's identity: Account is "${accountId}", Arn is "${arn}"`);
  }
  return { accountId, partition };
}

/** `Status` is retired in favour of `State`: it is read only where `State` is absent. */
export function parseAccount(raw: SdkAccount): Result<Account> {
  if (raw.Id === undefined) {
    return absentFields('account', raw.Name, { Id: raw.Id });
  }
  return ok({
    accountId: raw.Id,
    name: raw.Name,
    state: raw.State ?? raw.Status,
    organizationalUnitPaths: raw.Paths,
  });
}
