import { createHash } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { fractionOf } from '../../lib/local/simulated-aws/build/random.ts';
import { createStoreTable, type StoreTable } from '../../lib/store/table.ts';
import { createTable, type Engine, engineClient } from '../helpers/dynamodb-engines.ts';
import { answerLate } from '../store/late-answers.ts';

/**
 * A table whose requests go wrong by a seed. Which do depends on what a request asks and how often that was asked before, not on
 * what else is under way, so that a seed does the same again.
 */
export interface FaultyTable {
  readonly table: StoreTable;
  readonly counts: Record<TableFault, number>;
  /** How many items were read as of a moment before. */
  lateCount(): number;
  /** From then on everything goes well. */
  heal(): void;
}

/**
 * - `not-sent`: the process dies before the request, or DynamoDB throttles it.
 * - `answer-lost`: it was done, and the process died or the connection broke before the answer came.
 * - `sent-twice`: the answer was lost and the SDK tried again, so that a condition meets its own first attempt.
 */
export type TableFault = 'not-sent' | 'answer-lost' | 'sent-twice';

export class InjectedTableFault extends Error {}

export interface FaultyTableOptions {
  readonly seed: string;
  /** Of a request that goes wrong, and of one that need not be consistent and is answered as of a moment before. */
  readonly probability: number;
  readonly lateProbability: number;
  readonly now: () => number;
}

const GENERATION = /generation-\d+/g;

let tableCount = 0;

export async function createFaultyTable(
  engine: Engine,
  { seed, probability, lateProbability, now }: FaultyTableOptions,
): Promise<FaultyTable> {
  tableCount += 1;
  const tableName = `faults-${tableCount}`;
  await createTable(engine.endpoint, tableName);
  const client = engineClient(engine.endpoint);
  const counts: Record<TableFault, number> = { 'not-sent': 0, 'answer-lost': 0, 'sent-twice': 0 };
  let isHealed = false;
  const askedBefore = new Map<string, number>();
  const nextFraction = (name: string): number => {
    const count = askedBefore.get(name) ?? 0;
    askedBefore.set(name, count + 1);
    return isHealed ? 1 : fractionOf(`${seed}/${name}/${count}`);
  };
  const faultOf = (name: string): TableFault | undefined => {
    const fraction = nextFraction(name);
    const faults = ['not-sent', 'answer-lost', 'sent-twice'] as const;
    return fraction < probability ? faults[Math.floor((fraction / probability) * faults.length)] : undefined;
  };
  const isLate = (name: string): boolean => nextFraction(`late ${name.replaceAll(GENERATION, '')}`) < lateProbability;
  const lateCount = lateProbability > 0 ? answerLate(client, { history: new Map(), now, isLate }) : () => 0;
  injectFaults(client, faultOf, counts);
  let generation = 0;
  const table = createStoreTable({
    client,
    tableName,
    // Nobody would move the clock while a writer waits to try again.
    clock: { now, sleep: () => Promise.resolve() },
    randomFraction: () => 1 / 2,
    newGeneration: () => {
      generation += 1;
      return `generation-${generation}`;
    },
  });
  return {
    table,
    counts,
    lateCount,
    heal() {
      isHealed = true;
    },
  };
}

function injectFaults(
  client: DynamoDBClient,
  faultOf: (name: string) => TableFault | undefined,
  counts: Record<TableFault, number>,
): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const fault = faultOf(`${context.commandName ?? ''} ${keysOf(args.input)}`);
      if (fault !== undefined) {
        counts[fault] += 1;
      }
      switch (fault) {
        case 'not-sent':
          throw new InjectedTableFault('the request was not sent');
        case 'answer-lost':
          await next(args);
          throw new InjectedTableFault('the answer was lost');
        case 'sent-twice':
          await next(args);
          return next(args);
        case undefined:
          return next(args);
      }
    },
    { step: 'initialize', name: 'injectFaults' },
  );
}

/** What a request is about, without what differs from run to run: the bytes of documents and their generations. */
function keysOf(input: object): string {
  const text = JSON.stringify(input, (name, value: unknown) =>
    name === 'body' || name === 'generation' || name === 'sha256' || value instanceof Uint8Array ? undefined : value,
  );
  return createHash('sha256').update(text.replaceAll(GENERATION, '')).digest('hex');
}
