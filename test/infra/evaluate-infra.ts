import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EvaluatedResource } from './evaluated-infra.ts';

/**
 * Evaluates `infra/` with SST's own components under Pulumi's mocks and prints every resource that would be made, as JSON. Run by
 * `evaluated-infra.ts` as a process of its own: SST's globals and providers are nobody else's. `.sst` is what `sst install` made.
 */
const root = process.cwd();
const platform = join(root, '.sst/platform');
const require = createRequire(join(platform, 'src/index.js'));
const ACCOUNT_ID = '123456789012';
const REGION = 'eu-central-1';

const resources: EvaluatedResource[] = [];

interface Mocked {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/** What SST asks of its own process: where to put things, and what a handler is bundled to. */
function answerRpc(method: string, [args]: readonly { readonly handler?: string }[]): unknown {
  switch (method) {
    case 'Provider.Aws.Bootstrap':
      return { asset: 'assets', state: 'state' };
    case 'Runtime.Build': {
      const out = mkdtempSync(join(tmpdir(), 'elbowroom-bundle-'));
      writeFileSync(join(out, 'index.js'), '');
      return { handler: args?.handler, out, errors: [], sourcemaps: [] };
    }
    default:
      throw new Error(`Cannot evaluate infra/: SST asks its process for "${method}", which this test does not play`);
  }
}

function stateOf({ type, name, inputs }: Mocked): Record<string, unknown> {
  const service = type.split(':')[1]?.split('/')[0];
  return {
    ...inputs,
    arn: `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${name}`,
    name: inputs['name'] ?? name,
    url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT_ID}/${name}`,
    apiEndpoint: `https://${name}.execute-api.${REGION}.amazonaws.com`,
    executionArn: `arn:aws:execute-api:${REGION}:${ACCOUNT_ID}:${name}`,
    ...(type === 'random:index/randomId:RandomId' ? { hex: '0123456789abcdef0123456789abcdef' } : {}),
  };
}

function answerCall({ token, inputs }: { readonly token: string; readonly inputs: Record<string, unknown> }) {
  switch (token) {
    case 'aws:iam/getPolicyDocument:getPolicyDocument':
      return { ...inputs, json: JSON.stringify(inputs) };
    case 'aws:index/getPartition:getPartition':
      return { partition: 'aws', dnsSuffix: 'amazonaws.com' };
    case 'aws:index/getRegion:getRegion':
      return { region: REGION, name: REGION };
    case 'aws:index/getCallerIdentity:getCallerIdentity':
      return { accountId: ACCOUNT_ID };
    default:
      throw new Error(`Cannot evaluate infra/: it looks up "${token}", which this test does not play`);
  }
}

const server = createServer(async (request, response) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  const { method, params } = JSON.parse(Buffer.concat(chunks).toString());
  response.setHeader('connection', 'close');
  response.end(JSON.stringify({ result: answerRpc(method, params) }));
});
server.unref();
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve());
});
const address = server.address();
if (address === null || typeof address === 'string') {
  throw new Error('Cannot evaluate infra/: the socket of the test has no port');
}
process.env['SST_SERVER'] = `http://127.0.0.1:${address.port}`;

const pulumi = require('@pulumi/pulumi');
await pulumi.runtime.setMocks(
  {
    newResource(mocked: Mocked) {
      resources.push({ type: mocked.type, name: mocked.name, inputs: mocked.inputs });
      return { id: `${mocked.name}-id`, state: stateOf(mocked) };
    },
    call: answerCall,
  },
  'elbowroom',
  'test',
  false,
);
const stage = process.env['STAGE'] ?? 'production';
Object.assign(globalThis, {
  $app: { name: 'elbowroom', stage, home: 'aws', removal: stage === 'production' ? 'retain' : 'remove', providers: {} },
  $cli: { command: 'deploy', paths: { home: root, root, work: join(root, '.sst'), platform }, env: {}, state: {} },
  $dev: false,
  $util: pulumi,
  $interpolate: pulumi.interpolate,
  sst: { aws: await import(pathToFileURL(join(platform, 'src/components/aws/index.ts')).href) },
  aws: require('@pulumi/aws'),
  random: require('@pulumi/random'),
});
const { deploy } = await import(pathToFileURL(join(root, 'infra/deploy.ts')).href);
let outputs: unknown;
pulumi.output(deploy(process.env)).apply((resolved: unknown) => {
  outputs = resolved;
});
// Resources are made as what they need resolves: all are there when nothing is left to do.
process.once('beforeExit', () => {
  process.stdout.write(JSON.stringify({ resources, outputs }));
});
