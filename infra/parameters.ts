/** What a deployment is told by the environment, from `.env.<stage>` as a rule: https://sst.dev/docs/environment-variables */
export interface Parameters {
  /** The role in every account of the organisation, as its StackSet names it. */
  readonly roleName: string;
  /** Who hears of alarms about Elbowroom itself. */
  readonly alarmEmail: string | undefined;
  /** Absent: callers of the API sign their requests with AWS credentials. */
  readonly issuer: OidcIssuer | undefined;
}

export interface OidcIssuer {
  readonly url: string;
  readonly audience: string;
  /** The claim that lists the accounts a caller may see; absent where all callers see all. */
  readonly accountsClaim: string | undefined;
  /** Absent: nobody logs in, and there are no pages. */
  readonly login: OidcLogin | undefined;
}

export interface OidcLogin {
  /** By which the issuer knows the pages. */
  readonly clientId: string;
  /** What a login asks for; absent where the issuer calls our scopes as we do. */
  readonly scope: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const RULES = {
  ELBOWROOM_ROLE_NAME: { pattern: /^[\w+=,.@-]{1,64}$/, expected: 'the name of an IAM role, like elbowroom-audit' },
  ELBOWROOM_ALARM_EMAIL: { pattern: /^[^\s@]+@[^\s@]+$/, expected: 'an e-mail address' },
  ELBOWROOM_OIDC_ISSUER: { pattern: /^https:\/\/[^\s?#]+$/, expected: 'the https URL of an OpenID Connect issuer' },
  ELBOWROOM_OIDC_ACCOUNTS_CLAIM: { pattern: /^[\w:/.-]{1,256}$/, expected: 'the name of a claim' },
  ELBOWROOM_OIDC_CLIENT_ID: { pattern: /^[\x20-\x7e]{1,256}$/, expected: 'the id by which the issuer knows the pages' },
  ELBOWROOM_OIDC_SCOPE: {
    pattern: /^(?=(.* )?openid( |$))[\x21\x23-\x5b\x5d-\x7e ]{1,1024}$/,
    expected: 'scopes, words apart, "openid" among them',
  },
  ELBOWROOM_OIDC_AUDIENCE: { pattern: /^\S{1,256}$/, expected: 'the audience that tokens are issued for' },
} as const;

const ROLE_NAME_DEFAULT = 'elbowroom-audit';

/** Reads them; throws a sentence for a variable that is wrong, with its current value and what is wanted. */
export function readParameters(environment: Environment): Parameters {
  const read = (name: keyof typeof RULES): string | undefined => {
    const value = environment[name];
    const { pattern, expected } = RULES[name];
    if (value !== undefined && value !== '' && !pattern.test(value)) {
      throw new Error(
        `Cannot deploy: ${name} is ${JSON.stringify(value)}, expected ${expected}. Set it in .env.<stage>`,
      );
    }
    return value === '' ? undefined : value;
  };
  const url = read('ELBOWROOM_OIDC_ISSUER');
  const audience = read('ELBOWROOM_OIDC_AUDIENCE');
  const accountsClaim = read('ELBOWROOM_OIDC_ACCOUNTS_CLAIM');
  const clientId = read('ELBOWROOM_OIDC_CLIENT_ID');
  const scope = read('ELBOWROOM_OIDC_SCOPE');
  requireBoth('ELBOWROOM_OIDC_ACCOUNTS_CLAIM', accountsClaim, 'ELBOWROOM_OIDC_ISSUER', url);
  requireBoth('ELBOWROOM_OIDC_CLIENT_ID', clientId, 'ELBOWROOM_OIDC_ISSUER', url);
  requireBoth('ELBOWROOM_OIDC_SCOPE', scope, 'ELBOWROOM_OIDC_CLIENT_ID', clientId);
  if ((url === undefined) !== (audience === undefined)) {
    const missing = url === undefined ? 'ELBOWROOM_OIDC_ISSUER' : 'ELBOWROOM_OIDC_AUDIENCE';
    throw new Error(`Cannot deploy: ${missing} is not set, and the other of issuer and audience is. Set both or none`);
  }
  const login = clientId === undefined ? undefined : { clientId, scope };
  return {
    roleName: read('ELBOWROOM_ROLE_NAME') ?? ROLE_NAME_DEFAULT,
    alarmEmail: read('ELBOWROOM_ALARM_EMAIL'),
    issuer: url === undefined || audience === undefined ? undefined : { url, audience, accountsClaim, login },
  };
}

/** What rests on another parameter says nothing without it. */
function requireBoth(name: string, value: string | undefined, otherName: string, other: string | undefined): void {
  if (value !== undefined && other === undefined) {
    throw new Error(`Cannot deploy: ${name} is set, and ${otherName} is not. Set both or none`);
  }
}
