import type { Clock } from '../aws/clock.ts';
import type { ReadSecret } from './secret-reader.ts';

/** Returns the reader of the deployment's secrets, with the function's own role in its own region. */
export function createAwsSecrets(path: string, clock: Clock): ReadSecret {
  let reader: Promise<ReadSecret> | undefined;
  return async (name) => {
    reader ??= createReader(path, clock);
    return (await reader)(name);
  };
}

async function createReader(path: string, clock: Clock): Promise<ReadSecret> {
  // Most invocations read none: what does is loaded by the first. A file of ours, since of a package that is imported so all is bundled.
  const [{ createSecretReader }, { createSsmClient }] = await Promise.all([
    import('./secret-reader.ts'),
    import('./aws-ssm.ts'),
  ]);
  return createSecretReader({ client: createSsmClient(), path, clock });
}
