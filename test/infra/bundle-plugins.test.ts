import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterEach, describe, expect, it, vi } from 'vitest';
import bundlePlugins from '../../infra/bundle-plugins.mjs';
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
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('leave an error its name, its message and its status, and the class of those of the table', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
    const { table, secrets, isOfItsClass } = await failingCalls();
    const error = { message: 'Because', $fault: 'client', $metadata: { httpStatusCode: 400 } };
    expect(secrets).toBeInstanceOf(Error);
    expect(secrets).toMatchObject({ ...error, name: 'ThrottlingException' });
    expect(table).toMatchObject({ ...error, name: 'ConditionalCheckFailedException' });
    expect(isOfItsClass).toBe(true);
  });

  it('leave the credentials of the environment, as they are at each call', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
    expect((await failingCalls()).signed.map((text) => text.includes('AKIDEXAMPLE'))).toEqual([true, true]);
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    expect((await failingCalls()).secrets).toMatchObject({ name: 'CredentialsProviderError' });
  });

  it.skipIf(!existsSync(SST_PLUGIN_RUNNER))('do in the process of SST what they do in esbuild', async () => {
    const paths = ['client-ec2/dist-es/schemas/schemas_0.js', 'credential-provider-node/dist-es/index.js', 'core/x.js'];
    const plugin = spawn(process.execPath, [SST_PLUGIN_RUNNER, join(process.cwd(), BUNDLING.plugins)]);
    const replies = createInterface({ input: plugin.stdout })[Symbol.asyncIterator]();
    const loaded: string[] = [];
    for (const [id, path] of paths.entries()) {
      const value = { path: join(process.cwd(), 'node_modules/@aws-sdk', path), namespace: 'file', suffix: '' };
      plugin.stdin.write(`${JSON.stringify({ id, command: 'load', value })}\n`);
      const reply = await replies.next();
      loaded.push(JSON.parse(reply.value ?? 'null').value.contents ?? 'as it is');
    }
    plugin.stdin.end();
    expect(loaded[0]).toContain('"xmlName": _');
    expect(loaded[0]).not.toMatch(/\[_xN\]:/);
    expect(loaded[1]).toContain('credential-provider-env');
    expect(loaded[2]).toBe('as it is');
  });
});
