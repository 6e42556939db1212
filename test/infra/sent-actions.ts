import { globSync, readFileSync } from 'node:fs';
import { bundleFunction } from '../helpers/function-bundles.ts';

/** The prefix of a service's actions where it is not the name of its client. */
const PREFIXES: Readonly<Record<string, string>> = { eventbridge: 'events' };
/**
 * What IAM asks for where its action is not the command: of a batch of messages that of one, of an object that of its versions too.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'sqs:SendMessageBatch': ['sqs:SendMessage'],
  's3:GetObject': ['s3:GetObject', 's3:GetObjectVersion'],
};
/** Services that are asked in other accounts, by the role there. */
const BY_ROLE: ReadonlySet<string> = new Set(['ec2', 'eks']);
/**
 * Needs no permission, https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html, or is in every client of the
 * table and sent by none.
 */
const FREE: ReadonlySet<string> = new Set(['sts:GetCallerIdentity', 'dynamodb:DescribeEndpoints']);
const COMMAND = /@aws-sdk\/client-([a-z0-9]+)\/dist-es\/commands\/(\w+)Command\.js$/;

/** Bundles stay the same while they are looked at, and are looked at again for each fault that is seeded. */
const SENT = new Map(
  await Promise.all(globSync('functions/*.ts').map(async (entry) => [entry, await actionsOf(entry)] as const)),
);

/**
 * Returns the AWS actions that a function can send with its own role: those of the commands of the SDK that are in its bundle as it
 * is deployed, and of what is sent without a client.
 */
export function actionsSentBy(entry: string): readonly string[] {
  const sent = SENT.get(entry);
  if (sent === undefined) {
    throw new Error(`Cannot tell what ${entry} sends: it is none of ${[...SENT.keys()].join(', ')}`);
  }
  return sent;
}

async function actionsOf(entry: string): Promise<readonly string[]> {
  const { files } = await bundleFunction(entry);
  const actions = files.flatMap((file) => (file.startsWith('lib/') ? actionsNamedIn(file) : actionsOfCommand(file)));
  return [...new Set(actions)].filter((action) => !FREE.has(action)).sort();
}

function actionsOfCommand(file: string): readonly string[] {
  const [, client = '', name] = COMMAND.exec(file) ?? [];
  const action = `${PREFIXES[client] ?? client}:${name}`;
  return name === undefined || BY_ROLE.has(client) ? [] : (ACTIONS[action] ?? [action]);
}

/** What is sent without a client of the SDK says itself what it is. */
function actionsNamedIn(file: string): string[] {
  const named = readFileSync(file, 'utf8').matchAll(/\baction: '(s3:\w+)'/g);
  return [...named].flatMap(([, action = '']) => ACTIONS[action] ?? [action]);
}
