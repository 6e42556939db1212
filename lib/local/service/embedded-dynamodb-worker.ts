import { EventEmitter } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import dynalite from 'dynalite';
import { closeIterators } from './close-iterators.ts';
import type { DynamodbAnswer, DynamodbQuestion } from './embedded-dynamodb.ts';

/**
 * Runs dynalite in a thread of its own, without a socket: it answers web pages of any origin, and asks nobody who they are.
 * What it is asked arrives as a message and is handed to the server as if it had come by HTTP.
 */

/** It looks whether a request is signed, not by whom. */
const SIGNED = {
  authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=local, Signature=local',
  'x-amz-date': 'local',
};

function main(): void {
  const { path } = readWorkerData(workerData);
  closeIterators();
  // Opens LevelDB, which writes through to the operating system: what is acknowledged outlives this process.
  const server = dynalite({ path, createTableMs: 0, deleteTableMs: 0 });
  let underWay = 0;
  let isStopping = false;
  const stopWhenDone = (): void => {
    if (isStopping && underWay === 0) {
      // The thread's end closes LevelDB and lets its lock go.
      process.exit(0);
    }
  };
  parentPort?.on('message', (question: DynamodbQuestion) => {
    if (question === 'stop') {
      isStopping = true;
      stopWhenDone();
      return;
    }
    underWay += 1;
    const { id, target, body } = question;
    const request = Object.assign(new EventEmitter(), {
      method: 'POST',
      url: '/',
      headers: { ...SIGNED, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
    });
    const response = {
      statusCode: 200,
      setHeader() {
        // The length and checksum of a body that is handed over whole.
      },
      end(text: string) {
        const answer: DynamodbAnswer = { id, status: response.statusCode, body: text };
        parentPort?.postMessage(answer);
        underWay -= 1;
        stopWhenDone();
      },
    };
    server.emit('request', request, response);
    request.emit('data', Buffer.from(body));
    request.emit('end');
  });
}

function readWorkerData(data: unknown): { readonly path: string } {
  if (typeof data === 'object' && data !== null && 'path' in data && typeof data.path === 'string') {
    return { path: data.path };
  }
  throw new Error('Cannot start the embedded DynamoDB: it was not told where its data are');
}

main();
