import type { BatchWriteItemCommandInput, DynamoDBClient, WriteRequest } from '@aws-sdk/client-dynamodb';

/** Where a request fails: before DynamoDB hears of it, or after it was done and before its answer arrives. */
export type FaultPlace = 'before' | 'after';

export class InjectedFault extends Error {}

export interface FaultPlan {
  /** The request that fails, counted from 1; none where it is past the last one. */
  readonly requestNumber: number;
  readonly place: FaultPlace;
}

/** Makes one request of a client fail, and every later one: a process that died sends no more. Returns how many were asked for. */
export function crashAt(client: DynamoDBClient, { requestNumber, place }: FaultPlan): () => number {
  let asked = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      asked += 1;
      if (asked > requestNumber || (asked === requestNumber && place === 'before')) {
        throw new InjectedFault(`request ${asked} was not sent`);
      }
      const result = await next(args);
      if (asked === requestNumber) {
        throw new InjectedFault(`the answer to request ${asked} was lost`);
      }
      return result;
    },
    { step: 'initialize', name: 'crashAt' },
  );
  return () => asked;
}

/** Makes every write be sent twice, as the SDK does where the first answer was lost: a condition then meets its own first attempt. */
export function sendTwice(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName === 'PutItemCommand' || context.commandName === 'UpdateItemCommand') {
        await next(args);
      }
      return next(args);
    },
    { step: 'initialize', name: 'sendTwice' },
  );
}

/** Makes DynamoDB leave a share of each batch unprocessed, as a throttled partition does. `keep` says how many of a batch are written. */
export function leaveUnprocessed(client: DynamoDBClient, keep: (itemCount: number) => number): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName !== 'BatchWriteItemCommand') {
        return next(args);
      }
      // The command's name says what its input is.
      const input = args.input as BatchWriteItemCommandInput;
      const [tableName, requests] = Object.entries(input.RequestItems ?? {})[0] ?? ['', []];
      const kept = requests.slice(0, keep(requests.length));
      const rest: WriteRequest[] = requests.slice(kept.length);
      const UnprocessedItems = rest.length === 0 ? {} : { [tableName]: rest };
      if (kept.length === 0) {
        return { response: {}, output: { $metadata: {}, ConsumedCapacity: [], UnprocessedItems } };
      }
      const result = await next({ ...args, input: { ...input, RequestItems: { [tableName]: kept } } });
      return { ...result, output: { ...result.output, UnprocessedItems } };
    },
    { step: 'initialize', name: 'leaveUnprocessed' },
  );
}
