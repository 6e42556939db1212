import { readFile } from 'node:fs/promises';

/**
 * What AWS's SDK brings along that a function in Lambda never runs. SST 4.17 runs these plugins in a process of its own, in which
 * no filter but one that matches everything works, and only `onResolve` and `onLoad` are called.
 */

/** Nobody asks whether an error is of another class: the code knows the others by name. */
const ERROR_OF_OPERATIONS = /^n0_registry\.registerError\((?!ConditionalCheckFailedException\$).*\);$/gm;
const CONSTANT = /^const (_\w+) = ("[^"]*");$/gm;
const COMPUTED_KEY = /\[(_\w+)\]:/g;

/**
 * Of a service's schemas only those that its commands need are bundled. That takes keys that are written out, since esbuild keeps
 * every object with a computed one, and no register of all errors that exist: without it an error has its name and its message, and is
 * of the service's class of errors.
 */
function schemasToShake(source) {
  const constants = new Map(Array.from(source.matchAll(CONSTANT), ([, name, text]) => [name, text]));
  const written = source.replace(COMPUTED_KEY, (key, name) => (constants.has(name) ? `${constants.get(name)}:` : key));
  return written.replace(ERROR_OF_OPERATIONS, '');
}

/** What of a file of the SDK is bundled in its place: made of its source. The first whose path matches counts. */
export const rewrites = [
  {
    path: /@aws-sdk\/client-[a-z0-9-]+\/dist-es\/schemas\/schemas_\d+\.js$/,
    rewrite: schemasToShake,
  },
  {
    // A client says with each request of which version it is, and nothing else of what its package says of itself.
    path: /@aws-sdk\/client-[a-z0-9-]+\/package\.json$/,
    rewrite: (source) => JSON.stringify({ version: JSON.parse(source).version }),
    loader: 'json',
  },
  {
    // A function's credentials are in its environment and stay the same as long as that lives: nothing is asked of files, of processes
    // or of other services. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
    path: /@aws-sdk\/credential-provider-node\/dist-es\/index\.js$/,
    rewrite: () => "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
  },
  {
    // What is imported late draws all that it rests on out of the part that can be shaken: of these, most of the SDK.
    path: /@aws-sdk\/credential-providers\/dist-es\/index\.js$/,
    rewrite: () => "export { fromEnv } from '@aws-sdk/credential-provider-env';",
  },
  {
    // So is everything else that a client would look for in files of a desk.
    path: /@smithy\/core\/dist-es\/submodules\/config\/node-config-provider\/configLoader\.js$/,
    rewrite: (source) => source.replace('fromSharedConfigFiles(configFileSelector, configuration), ', ''),
  },
  {
    // Lambda says in which region it runs: instances ask.
    path: /@smithy\/core\/dist-es\/submodules\/config\/config-resolver\/regionConfig\/getInstanceMetadataRegion\.js$/,
    rewrite: () => 'export const getInstanceMetadataRegion = async () => undefined;',
  },
  {
    // The table's endpoint is the region's: https://docs.aws.amazon.com/general/latest/gr/ddb.html
    path: /@aws-sdk\/middleware-endpoint-discovery\/dist-es\/index\.js$/,
    rewrite: () => `
      export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = { environmentVariableSelector: () => false };
      export const resolveEndpointDiscoveryConfig = (config) => config;
    `,
  },
  {
    // Node has them.
    path: /@smithy\/core\/dist-es\/submodules\/checksum\/(?:sha256\/Sha256|md5\/Md5)Node\.js$/,
    rewrite: (source) => source.replace(/hasNativeCrypto \? buildNativeClass\(\) : \w+/, 'buildNativeClass()'),
  },
  {
    // What imports Node's HTTP late reads all that it exports, which loads the whole of `fetch`; only endpoints without TLS need it.
    path: /@smithy\/node-http-handler\/dist-es\/node-http-handler\.js$/,
    rewrite: (source) =>
      source.replace(/^(.*)await import\("node:http"\)/s, "import * as allOfHttp from 'node:http';\n$1allOfHttp"),
  },
  {
    // Each client tries again by itself, as often as its own code says: none waits for what others found.
    path: /@smithy\/core\/dist-es\/submodules\/retry\/util-retry\/AdaptiveRetryStrategy\.js$/,
    rewrite: () => notBundled('AdaptiveRetryStrategy'),
  },
  {
    // Imported when an operation has one: what is imported late draws all that it rests on out of the part that can be shaken.
    path: /@smithy\/core\/dist-es\/submodules\/event-streams\/index\.js$/,
    rewrite: () => "throw new Error('Cannot read an event stream: functions are bundled without what reads one');",
  },
];

function notBundled(name) {
  return `export class ${name} {
    constructor() { throw new Error('Cannot create ${name}: functions are bundled without it'); }
  }`;
}

const withoutUnused = {
  name: 'without-unused',
  setup(build) {
    build.onLoad({ filter: /.*/ }, async ({ path }) => {
      const posixPath = path.replaceAll('\\', '/');
      const found = rewrites.find((each) => each.path.test(posixPath));
      return found === undefined
        ? undefined
        : { contents: found.rewrite(await readFile(path, 'utf8')), loader: found.loader ?? 'js' };
    });
  },
};

// biome-ignore lint/style/noDefaultExport: what SST reads
export default [withoutUnused];
