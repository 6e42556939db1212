import * as z from 'zod/mini';
import { err, ok, type Result } from '../domain/result.ts';

/** Text as a variable of the environment; each with what is wanted of it. */
const VARIABLES = {
  /** The DynamoDB table. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
  TABLE_NAME: variable(/^[\w.-]{3,255}$/, 'the name of a DynamoDB table: 3 to 255 letters, digits, "_", "." and "-"'),
  SCAN_QUEUE_URL: queueUrl('scan queue'),
  PULSE_QUEUE_URL: queueUrl('pulse queue'),
  /** FIFO queues are told by their name. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fifo-queues.html */
  JUDGE_QUEUE_URL: variable(/^https?:\/\/\S{1,500}\.fifo$/, 'the URL of the FIFO judge queue, which ends in ".fifo"'),
  /** The role in every account. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  ROLE_NAME: variable(
    /^(?=.{1,512}$)([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/,
    'the name of an IAM role, with its path if it has one',
  ),
  /** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
  EXTERNAL_ID: variable(/^[\w+=,.@:/-]{2,1224}$/, 'the external id that the role asks for: 2 to 1224 characters'),
  /** Where secrets are kept. https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
  SECRETS_PATH: variable(
    /^(\/[\w.-]{1,64}){1,14}\/$/,
    'the path of the secrets in Parameter Store, with "/" at both ends: /elbowroom/prod/',
  ),
  /** The name or the ARN of an event bus. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
  BUS_NAME: z.optional(
    variable(
      /^(arn:aws[\w-]*:events:[a-z]{2}-[a-z]+-[\w-]+:\d{12}:event-bus\/)?[/.\-_A-Za-z0-9]{1,256}$/,
      'the name or the ARN of an event bus, or left out for the default one',
    ),
  ),
  /** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
  MAIL_TOPIC_ARN: z.optional(
    variable(
      /^arn:aws[\w-]*:sns:[\w-]{1,32}:\d{12}:[\w-]{1,256}$/,
      'the ARN of an SNS topic that is not FIFO, or left out where no mails are sent',
    ),
  ),
  /** Whose tokens callers of the API send, exactly as these name it. https://openid.net/specs/openid-connect-core-1_0.html#IDToken */
  OIDC_ISSUER: z.optional(
    variable(
      /^https:\/\/[^\s?#]{1,500}$/,
      'the https URL of an OpenID Connect issuer, or left out where callers are IAM identities',
    ),
  ),
  OIDC_AUDIENCE: z.optional(variable(/^\S{1,256}$/, 'the audience that tokens are issued for, or left out')),
  OIDC_ACCOUNTS_CLAIM: z.optional(
    variable(
      /^[\w:/.-]{1,256}$/,
      'the name of the claim that lists the accounts a caller may see, or left out where all callers see all',
    ),
  ),
  /** By which the issuer knows the pages. https://www.rfc-editor.org/rfc/rfc6749#section-2.2 */
  OIDC_CLIENT_ID: variable(/^[\x20-\x7e]{1,256}$/, 'the id by which the issuer knows this client'),
  /** https://www.rfc-editor.org/rfc/rfc6749#section-3.3 */
  OIDC_SCOPE: z.optional(
    variable(
      /^(?=(.* )?openid( |$))[\x21\x23-\x5b\x5d-\x7e ]{1,1024}$/,
      'the scopes that a login asks for, words apart, "openid" among them, or left out',
    ),
  ),
  PAGES_URL: variable(
    /^https:\/\/[\w.-]{1,253}(:\d{1,5})?\/?$/,
    'the https URL by which browsers see the pages, without a path',
  ),
  OPENAPI_FILE: documentFile('docs/openapi.json'),
  REFERENCE_FILE: documentFile('docs/api-reference.html'),
  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
  SETTINGS_BUCKET: z.optional(
    variable(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      'the name of the S3 bucket of the settings, or left out where those of the bundle hold',
    ),
  ),
  /** Lambda says it to each function. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
  AWS_REGION: variable(/^[a-z0-9-]{1,32}$/, 'the region that the function runs in'),
  /** https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
  AWS_ENDPOINT_URL: z.optional(
    variable(/^https?:\/\/[^\s?#]{1,500}$/, "the URL that every service is asked at, or left out for AWS's own"),
  ),
  /** Left out: every setting has its default. */
  SETTINGS_FILE: z.optional(variable(/^\S(.{0,1022}\S)?$/, 'the path of the settings beside the bundle, or left out')),
};

type Variables = typeof VARIABLES;
export type VariableName = keyof Variables;
export type FunctionConfig<Name extends VariableName> = { readonly [N in Name]: z.infer<Variables[N]> };

/** As much of a value as a message shows. */
const SHOWN_LENGTH_MAX = 60;
/**
 * Reads the variables that a function needs from its environment, once. Returns them by name, or a sentence for each one that
 * is wrong: which variable, its current value and what is wanted.
 */
export function readFunctionConfig<Name extends VariableName>(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly Name[],
): Result<FunctionConfig<Name>> {
  const values = names.map((name) => [name, VARIABLES[name].safeParse(emptyAsAbsent(environment[name]))] as const);
  const problems = values.flatMap(([name, parsed]) =>
    parsed.success
      ? []
      : [`Cannot read ${name}: ${currentText(name, environment[name])}, expected ${parsed.error.issues[0]?.message}`],
  );
  if (problems.length > 0) {
    return err(problems.join('; '));
  }
  // Every name was read by its own rule, and none failed.
  return ok(Object.fromEntries(values.map(([name, { data }]) => [name, data])) as FunctionConfig<Name>);
}

/** Infrastructure code has no way to leave a variable out but an empty value. */
function emptyAsAbsent(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function currentText(name: VariableName, value: string | undefined): string {
  switch (value) {
    case undefined:
      return 'it is not set';
    case '':
      return 'it is empty';
    default:
      // Where a secret is expected to be pasted wrong, its length is all that is shown.
      return name === 'EXTERNAL_ID'
        ? `current value has ${value.length} characters`
        : `current value is ${JSON.stringify(value.slice(0, SHOWN_LENGTH_MAX))}`;
  }
}

function queueUrl(name: string) {
  return variable(/^https?:\/\/\S{1,500}$/, `the URL of the ${name}`);
}

function variable(pattern: RegExp, expected: string) {
  return z.string(expected).check(z.regex(pattern, expected));
}

function documentFile(name: string) {
  return z.optional(
    variable(/^\S(.{0,1022}\S)?$/, `the path of ${name} in the bundle, or left out where it is not served`),
  );
}
