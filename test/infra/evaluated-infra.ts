import { existsSync } from 'node:fs';
import { runNode } from '../helpers/run-node.ts';

/** A resource as it would be made: its inputs are those of the AWS provider of Pulumi. */
export interface EvaluatedResource {
  /** `aws:sqs/queue:Queue`. */
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface EvaluatedInfra {
  readonly resources: readonly EvaluatedResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

export const SST_NOTE = 'skipped where "sst install" has not put its platform into .sst';

export function hasSstPlatform(): boolean {
  return existsSync('.sst/platform/node_modules/@pulumi/aws/package.json');
}

/** Returns everything that `infra/` deploys with these variables in its environment; rejects with what it says where it refuses. */
export async function evaluateInfra(variables: Readonly<Record<string, string>> = {}): Promise<EvaluatedInfra> {
  const { exitCode, stdout, stderr } = await runNode('test/infra/evaluate-infra.ts', [], { variables });
  if (exitCode !== 0) {
    throw new Error(stderr);
  }
  return JSON.parse(stdout);
}
