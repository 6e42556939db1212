import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import bundlePlugins, { rewrites } from '../../infra/bundle-plugins.mjs';
import { BUNDLING } from '../../infra/bundling.ts';

const require = createRequire(import.meta.url);
/** What SST runs plugins with, from the folder of the project. */
const SST_PLUGIN_RUNNER = '.sst/platform/functions/nodejs-runtime/plugin.mjs';

/** Bundles a piece of code as a function is, and returns what it exports. */
async function exportsOf(code: string): Promise<Record<string, unknown>> {
  const { outputFiles } = await build({
    ...BUNDLING.esbuild,
    stdin: { contents: code, resolveDir: process.cwd() },
    bundle: true,
    minify: BUNDLING.minify,
    format: BUNDLING.format,
    platform: 'node',
    plugins: bundlePlugins,
    write: false,
  });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '')(module, module.exports, require);
  return module.exports;
}

/** What clients of a bundle throw when their service answers with an error, and what they signed their requests with. */
const FAILING_CALLS = `
  import { ConditionalCheckFailedException, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
  import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
  const signed = [];
  const fail = (Client, command, code) =>
    new Client({
      region: 'eu-central-1',
      maxAttempts: 1,
      requestHandler: {
        handle: async ({ headers }) => {
          signed.push(headers.authorization);
          const text = JSON.stringify({ __type: code, message: 'Because' });
          return { response: { statusCode: 400, headers: {}, body: new TextEncoder().encode(text) } };
        },
      },
      streamCollector: async (stream) => stream,
    }).send(command).catch((cause) => cause);
  export async function calls() {
    const table = await fail(DynamoDBClient, new GetItemCommand({ TableName: 't', Key: {} }), 'ConditionalCheckFailedException');
    const secrets = await fail(SSMClient, new GetParametersCommand({ Names: ['a'] }), 'ThrottlingException');
    return { table, secrets, isOfItsClass: table instanceof ConditionalCheckFailedException, signed };
  }
`;

/** A client as nothing but the environment sets it up, with what is asked of the network answered by \`answers\`, the last one again. */
const ASKING_CLIENT = `
  import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
  export async function ask(answers) {
    const requests = [];
    const client = new DynamoDBClient({
      requestHandler: {
        handle: async ({ hostname, headers }) => {
          requests.push({ hostname, headers });
          const [statusCode, answer] = answers[Math.min(requests.length, answers.length) - 1];
          return { response: { statusCode, headers: {}, body: new TextEncoder().encode(JSON.stringify(answer)) } };
        },
      },
      streamCollector: async (stream) => stream,
    });
    const answer = await client.send(new GetItemCommand({ TableName: 't', Key: {} })).catch((cause) => cause);
    return { answer, requests };
  }
`;
const UNAVAILABLE = [500, { __type: 'InternalServerError', message: 'Because' }];
const FOUND = [200, { Item: { a: { S: 'b' } } }];

interface Asked {
  readonly answer: unknown;
  readonly requests: readonly { readonly hostname: string; readonly headers: Readonly<Record<string, string>> }[];
}

async function ask(...answers: readonly unknown[]): Promise<Asked> {
  const { ask: askOfBundle } = await exportsOf(ASKING_CLIENT);
  if (typeof askOfBundle !== 'function') {
    throw new Error('Cannot test the bundle: it exports no client');
  }
  return askOfBundle(answers);
}

interface Calls {
  readonly table: unknown;
  readonly secrets: unknown;
  readonly isOfItsClass: boolean;
  readonly signed: readonly string[];
}

async function failingCalls(): Promise<Calls> {
  const { calls } = await exportsOf(FAILING_CALLS);
  if (typeof calls !== 'function') {
    throw new Error('Cannot test the bundle: it exports no calls');
  }
  return calls();
}

describe('the plugins of the bundler', () => {
  beforeEach(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('leave an error its name, its message and its status, and its class where the code asks for that', async () => {
    const { table, secrets, isOfItsClass } = await failingCalls();
    const error = { message: 'Because', $fault: 'client', $metadata: { httpStatusCode: 400 } };
    expect(secrets).toBeInstanceOf(Error);
    expect(secrets).toMatchObject({ ...error, name: 'ThrottlingException' });
    expect(table).toMatchObject({ ...error, name: 'ConditionalCheckFailedException' });
    expect(isOfItsClass).toBe(true);
  });

  it('leave the credentials of the environment, as they are at each call', async () => {
    expect((await failingCalls()).signed.map((text) => text.includes('AKIDEXAMPLE'))).toEqual([true, true]);
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    expect((await failingCalls()).secrets).toMatchObject({ name: 'CredentialsProviderError' });
  });

  it('leave the region and the version that a client says, and signatures by what Node has', async () => {
    vi.stubEnv('AWS_REGION', 'eu-west-3');
    const { answer, requests } = await ask(FOUND);
    expect(answer).toMatchObject({ Item: { a: { S: 'b' } } });
    const version = JSON.parse(readFileSync('node_modules/@aws-sdk/client-dynamodb/package.json', 'utf8')).version;
    expect(requests).toMatchObject([
      {
        hostname: 'dynamodb.eu-west-3.amazonaws.com',
        headers: {
          authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 .*\/eu-west-3\/dynamodb\/.*Signature=[0-9a-f]{64}$/),
          'user-agent': expect.stringContaining(`aws-sdk-js/${version}`),
        },
      },
    ]);
  });

  it('ask no files for what is not in the environment', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'elbowroom-desk-'));
    writeFileSync(join(folder, 'config'), '[default]\nregion = eu-west-3\n');
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
    vi.stubEnv('AWS_REGION', undefined);
    const { answer, requests } = await ask(FOUND);
    expect(answer).toMatchObject({ message: 'Region is missing' });
    expect(requests).toEqual([]);
  });

  it('leave it to a client to try again', async () => {
    vi.stubEnv('AWS_REGION', 'eu-west-3');
    const second = await ask(UNAVAILABLE, FOUND);
    expect(second.answer).toMatchObject({ Item: { a: { S: 'b' } } });
    expect(second.requests).toHaveLength(2);
    expect((await ask(UNAVAILABLE)).answer).toMatchObject({ name: 'InternalServerError' });
  });

  it('find each file that they are for, in what is installed', () => {
    const files = globSync('node_modules/@{aws-sdk,smithy}/**/dist-es/**/*.js');
    const packages = globSync('node_modules/@aws-sdk/client-*/package.json');
    const unused = rewrites.filter(
      ({ path, rewrite }) =>
        ![...files, ...packages].some((file) => {
          if (!path.test(file)) {
            return false;
          }
          const source = readFileSync(file, 'utf8');
          return rewrite(source) !== source;
        }),
    );
    expect(unused).toEqual([]);
  });

  it.skipIf(!existsSync(SST_PLUGIN_RUNNER))('do in the process of SST what they do in esbuild', async () => {
    const paths = [
      'client-ec2/dist-es/schemas/schemas_0.js',
      'credential-provider-node/dist-es/index.js',
      'client-sqs/package.json',
      'core/x.js',
    ];
    const plugin = spawn(process.execPath, [SST_PLUGIN_RUNNER, join(process.cwd(), BUNDLING.plugins)]);
    const replies = createInterface({ input: plugin.stdout })[Symbol.asyncIterator]();
    const loaded: { readonly contents?: string; readonly loader?: string }[] = [];
    for (const [id, path] of paths.entries()) {
      const value = { path: join(process.cwd(), 'node_modules/@aws-sdk', path), namespace: 'file', suffix: '' };
      plugin.stdin.write(`${JSON.stringify({ id, command: 'load', value })}\n`);
      const reply = await replies.next();
      loaded.push(JSON.parse(reply.value ?? 'null').value);
    }
    plugin.stdin.end();
    expect(loaded[0]?.contents).toContain('"xmlName": _');
    expect(loaded[0]?.contents).not.toMatch(/\[_xN\]:/);
    expect(loaded[1]?.contents).toContain('credential-provider-env');
    expect(loaded[2]).toMatchObject({ contents: expect.stringMatching(/^\{"version":"[\d.]+"\}$/), loader: 'json' });
    expect(loaded[3]).toEqual({});
  });
});
