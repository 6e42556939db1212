import { describe, expect, it } from 'vitest';
import { readFunctionConfig, type VariableName } from '../../lib/config/function-config.ts';

const RIGHT: Readonly<Record<VariableName, string>> = {
  TABLE_NAME: 'elbowroom-prod',
  SCAN_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/111122223333/scan',
  PULSE_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/111122223333/pulse',
  JUDGE_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/111122223333/judge.fifo',
  ROLE_NAME: 'elbowroom/reader',
  EXTERNAL_ID: 'c7f1a4e2-6d0b-4a53',
  SECRETS_PATH: '/elbowroom/prod/',
  BUS_NAME: 'elbowroom-prod',
  MAIL_TOPIC_ARN: 'arn:aws:sns:eu-central-1:111122223333:alerts',
  OIDC_ISSUER: 'https://login.example.com/tenant/',
  OIDC_AUDIENCE: 'api://elbowroom',
  OIDC_ACCOUNTS_CLAIM: 'https://example.com/accounts',
  OIDC_CLIENT_ID: 'elbowroom-pages',
  OIDC_SCOPE: 'openid api://elbowroom/elbowroom:read',
  PAGES_URL: 'https://pages.example.com',
  OPENAPI_FILE: 'openapi.json',
  REFERENCE_FILE: 'api-reference.html',
  SETTINGS_BUCKET: 'elbowroom-prod-settings',
  SETTINGS_FILE: './elbowroom.settings.json',
  AWS_REGION: 'eu-central-1',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:5000',
};
// The names of its own object.
const NAMES = Object.keys(RIGHT) as VariableName[];
const OPTIONAL: readonly VariableName[] = [
  'BUS_NAME',
  'MAIL_TOPIC_ARN',
  'OIDC_ISSUER',
  'OIDC_AUDIENCE',
  'OIDC_ACCOUNTS_CLAIM',
  'OIDC_SCOPE',
  'OPENAPI_FILE',
  'REFERENCE_FILE',
  'SETTINGS_BUCKET',
  'SETTINGS_FILE',
  'AWS_ENDPOINT_URL',
];

describe('the configuration of a function', () => {
  it('is the variables that it names, and no others', () => {
    expect(readFunctionConfig(RIGHT, NAMES)).toEqual({ ok: true, value: RIGHT });
    expect(readFunctionConfig(RIGHT, ['TABLE_NAME'])).toEqual({ ok: true, value: { TABLE_NAME: RIGHT.TABLE_NAME } });
    expect(readFunctionConfig({ TABLE_NAME: 'abc', ROLE_NAME: '' }, ['TABLE_NAME']).ok).toBe(true);
  });

  it.each(NAMES.filter((name) => !OPTIONAL.includes(name)))('says that %s is not set, or empty', (name) => {
    const { [name]: _, ...rest } = RIGHT;
    expect(readFunctionConfig(rest, NAMES)).toMatchObject({
      ok: false,
      error: expect.stringMatching(new RegExp(`^Cannot read ${name}: it is not set, expected the \\w+`)),
    });
    expect(readFunctionConfig({ ...RIGHT, [name]: '' }, NAMES)).toMatchObject({
      ok: false,
      error: expect.stringMatching(new RegExp(`^Cannot read ${name}: it is empty, expected the \\w+`)),
    });
  });

  it.each(OPTIONAL)('may do without %s, or with an empty one', (name) => {
    for (const value of [undefined, '']) {
      expect(readFunctionConfig({ [name]: value }, [name])).toEqual({ ok: true, value: { [name]: undefined } });
    }
  });

  it.each<[VariableName, string, string]>([
    ['TABLE_NAME', 'a b', 'current value is "a b", expected the name of a DynamoDB table'],
    ['SCAN_QUEUE_URL', 'scan\n', 'current value is "scan\\n", expected the URL of the scan queue'],
    ['PULSE_QUEUE_URL', 'x'.repeat(70), `current value is "${'x'.repeat(60)}", expected the URL of the pulse queue`],
    ['JUDGE_QUEUE_URL', RIGHT.SCAN_QUEUE_URL, 'expected the URL of the FIFO judge queue, which ends in ".fifo"'],
    ['ROLE_NAME', 'reader role', 'current value is "reader role", expected the name of an IAM role'],
    ['EXTERNAL_ID', 'a secret', 'current value has 8 characters, expected the external id'],
    ['SECRETS_PATH', '/elbowroom/prod', 'current value is "/elbowroom/prod", expected the path of the secrets'],
    ['BUS_NAME', 'a bus', 'current value is "a bus", expected the name or the ARN of an event bus'],
    ['MAIL_TOPIC_ARN', 'alerts', 'current value is "alerts", expected the ARN of an SNS topic'],
    ['OIDC_ISSUER', 'http://issuer', 'current value is "http://issuer", expected the https URL of an OpenID Connect'],
    ['OIDC_AUDIENCE', 'a b', 'current value is "a b", expected the audience that tokens are issued for'],
    ['OIDC_ACCOUNTS_CLAIM', 'a b', 'current value is "a b", expected the name of the claim that lists the accounts'],
    ['OIDC_CLIENT_ID', 'a\n', 'current value is "a\\n", expected the id by which the issuer knows this client'],
    ['OIDC_SCOPE', 'elbowroom:read', 'expected the scopes that a login asks for, words apart, "openid" among them'],
    ['OIDC_SCOPE', 'openidx', 'expected the scopes that a login asks for'],
    ['PAGES_URL', 'http://pages.example.com', 'expected the https URL by which browsers see the pages'],
    [
      'PAGES_URL',
      'https://pages.example.com/a',
      'expected the https URL by which browsers see the pages, without a path',
    ],
    ['OPENAPI_FILE', ' ', 'current value is " ", expected the path of docs/openapi.json'],
    ['SETTINGS_BUCKET', 'A', 'current value is "A", expected the name of the S3 bucket of the settings'],
    ['SETTINGS_FILE', ' ', 'current value is " ", expected the path of the settings beside the bundle'],
  ])('says of %s what stands there and what is wanted', (name, value, reason) => {
    const read = readFunctionConfig({ ...RIGHT, [name]: value }, NAMES);
    expect(read).toMatchObject({ ok: false, error: expect.stringContaining(`Cannot read ${name}: `) });
    expect(read).toMatchObject({ ok: false, error: expect.stringContaining(reason) });
  });

  it('names everything that is wrong at once', () => {
    const read = readFunctionConfig({}, ['TABLE_NAME', 'ROLE_NAME']);
    expect(read.ok ? '' : read.error.split('; ')).toHaveLength(2);
  });

  it.each([
    ['TABLE_NAME', 'abc', true],
    ['TABLE_NAME', 'ab', false],
    ['TABLE_NAME', 'a'.repeat(255), true],
    ['TABLE_NAME', 'a'.repeat(256), false],
    ['EXTERNAL_ID', 'ab', true],
    ['EXTERNAL_ID', 'a', false],
    ['EXTERNAL_ID', 'a'.repeat(1224), true],
    ['EXTERNAL_ID', 'a'.repeat(1225), false],
    ['BUS_NAME', 'b'.repeat(256), true],
    ['BUS_NAME', 'b'.repeat(257), false],
    ['BUS_NAME', 'arn:aws-us-gov:events:us-gov-west-1:111122223333:event-bus/alerts', true],
    ['BUS_NAME', 'arn:aws:sns:eu-west-1:111122223333:alerts', false],
    ['MAIL_TOPIC_ARN', 'arn:aws:sns:eu-west-1:111122223333:alerts.fifo', false],
    ['ROLE_NAME', 'r'.repeat(64), true],
    ['ROLE_NAME', 'r'.repeat(65), false],
  ] as const)('of %s the value %s is taken: %s', (name, value, isTaken) => {
    expect(readFunctionConfig({ [name]: value }, [name]).ok).toBe(isTaken);
  });
});
