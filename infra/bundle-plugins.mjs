import { readFile } from 'node:fs/promises';

/**
 * What AWS's SDK brings along that a function in Lambda never runs. SST 4.17 runs these plugins in a process of its own, in which
 * no filter but one that matches everything works, and only `onResolve` and `onLoad` are called.
 */

const CREDENTIAL_CHAIN = /[\\/]@aws-sdk[\\/]credential-provider-node[\\/]dist-es[\\/]index\.js$/;
const SCHEMAS = /[\\/]@aws-sdk[\\/]client-([a-z0-9-]+)[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;
/** Whose errors the code tells apart by their classes. It knows those of the others by name. */
const SERVICES_OF_ERRORS = ['dynamodb'];

/** Imported when an operation has one: what is imported late draws all that it rests on out of the part that can be shaken. */
const EVENT_STREAMS = /[\\/]@smithy[\\/]core[\\/]dist-es[\\/]submodules[\\/]event-streams[\\/]index\.js$/;

const CONSTANT = /^const (_\w+) = ("[^"]*");$/gm;
const COMPUTED_KEY = /\[(_\w+)\]:/g;
const ERROR_OF_OPERATIONS = /^n0_registry\.registerError\(.*\);$/gm;

/**
 * A function's credentials are in its environment and stay the same as long as that lives: nothing is asked of files, of
 * processes or of other services. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
const environmentCredentials = "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';";

const noEventStreams = "throw new Error('Cannot read an event stream: functions are bundled without what reads one');";

/**
 * Of a service's schemas only those that its commands need are bundled. That takes keys that are written out, since esbuild keeps
 * every object with a computed one, and no register of all errors that exist: without it an error has its name and its message, and is
 * of the service's class of errors.
 */
function schemasToShake(source, service) {
  const constants = new Map(Array.from(source.matchAll(CONSTANT), ([, name, text]) => [name, text]));
  const written = source.replace(COMPUTED_KEY, (key, name) => (constants.has(name) ? `${constants.get(name)}:` : key));
  return SERVICES_OF_ERRORS.includes(service) ? written : written.replace(ERROR_OF_OPERATIONS, '');
}

const withoutUnused = {
  name: 'without-unused',
  setup(build) {
    build.onLoad({ filter: /.*/ }, async ({ path }) => {
      if (CREDENTIAL_CHAIN.test(path)) {
        return { contents: environmentCredentials, loader: 'js' };
      }
      if (EVENT_STREAMS.test(path)) {
        return { contents: noEventStreams, loader: 'js' };
      }
      const service = SCHEMAS.exec(path)?.[1];
      return service === undefined
        ? undefined
        : { contents: schemasToShake(await readFile(path, 'utf8'), service), loader: 'js' };
    });
  },
};

// biome-ignore lint/style/noDefaultExport: what SST reads
export default [withoutUnused];
