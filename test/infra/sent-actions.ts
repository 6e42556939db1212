import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { importsOf } from '../architecture/imports.ts';

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
/** Needs no permission: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const FREE: ReadonlySet<string> = new Set(['sts:GetCallerIdentity']);

/**
 * Returns the AWS actions that the code behind an entry point can send with its own role: those of the commands of the SDK in every
 * file that it reaches by its imports.
 */
export function actionsSentBy(entry: string): readonly string[] {
  const found = known.get(entry) ?? actionsReachedFrom(entry);
  known.set(entry, found);
  return found;
}

/** Sources do not change while they are looked at, and are looked at again for each fault that is seeded. */
const known = new Map<string, readonly string[]>();

function actionsReachedFrom(entry: string): readonly string[] {
  const actions = [...filesReachedFrom(entry)].flatMap((file) => actionsIn(file, readFileSync(file, 'utf8')));
  return [...new Set(actions)].filter((action) => !FREE.has(action)).sort();
}

/** Types are imported from nowhere at run time, so what is imported as types only is not followed. */
function filesReachedFrom(entry: string): ReadonlySet<string> {
  const reached = new Set([entry]);
  for (const file of reached) {
    const source = readFileSync(file, 'utf8').replace(/^import type [\s\S]*?;$/gm, '');
    for (const request of importsOf(file, source)) {
      if (request.startsWith('.')) {
        reached.add(posix.join(posix.dirname(file), request));
      }
    }
  }
  return reached;
}

function actionsIn(file: string, source: string): string[] {
  return [...actionsOfCommands(file, source), ...actionsNamedIn(source)];
}

/** What is sent without a client of the SDK says itself what it is. */
function actionsNamedIn(source: string): string[] {
  return [...source.matchAll(/\baction: '(s3:\w+)'/g)].flatMap(([, action = '']) => ACTIONS[action] ?? [action]);
}

function actionsOfCommands(file: string, source: string): string[] {
  const clients = [...source.matchAll(/\{([^{}]*)\} (?:from |= await import\()'@aws-sdk\/client-([a-z0-9]+)'/g)];
  return [...source.matchAll(/new (\w+)Command\(/g)].flatMap(([, name = '']) => {
    const client = clients.find(([, names = '']) => new RegExp(`\\b${name}Command\\b`).test(names))?.[2];
    if (client === undefined) {
      throw new Error(`Cannot tell which client ${file} sends ${name} with`);
    }
    const action = `${PREFIXES[client] ?? client}:${name}`;
    return BY_ROLE.has(client) ? [] : (ACTIONS[action] ?? [action]);
  });
}
