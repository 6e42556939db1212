import type { CollectError } from './fact.ts';

/** Says what a person can do about something that could not be seen, as a sentence without a full stop; `undefined` where nothing is known to help. */
export function collectAdvice({ action, code }: CollectError): string | undefined {
  switch (code) {
    case 'credentials':
      return 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and see that they have not expired';
    case 'access-denied':
      return deniedAdvice(action);
    case 'throttled':
      return 'run it again later: something else in the account uses up the limit';
    case 'unsupported-by-endpoint':
      return 'nothing, where the endpoint is an emulator or a partition that lacks the action';
    case 'endpoint-unreachable':
      return 'see that AWS_REGION, AWS_ENDPOINT_URL and the network lead to the endpoint';
    case 'deadline-exceeded':
      return 'name fewer regions with --regions';
    case 'internal-error':
    case 'unexpected-response':
      return 'report it with this line: the answer was not what AWS documents, or there is a bug in Elbowroom';
    case 'service-error':
    case 'not-found':
    case 'cancelled':
    case 'not-attempted':
    case 'not-due':
      return undefined;
  }
}

/** The parameter of Elbowroom's own role that allows an action: `OPTIONAL_GROUPS` of `lib/collect/fact-table.ts`. */
const ROLE_PARAMETERS: Readonly<Record<string, string>> = { 'ec2:DescribeRouteTables': 'NetworkPosture' };

function deniedAdvice(action: string): string {
  const parameter = ROLE_PARAMETERS[action];
  switch (action) {
    case 'sts:AssumeRole':
      return 'give the account the role of --role-name, trusting this account and the id of --external-id';
    case 'organizations:ListAccounts':
      return 'run it from the management account or a delegated administrator, or name accounts with --accounts';
    default:
      return parameter === undefined
        ? `allow ${action} to the role, if no service control policy denies it`
        : `allow ${action} to the role, by the parameter ${parameter}=true of its stack, if it is wanted`;
  }
}
