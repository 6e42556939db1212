import { once } from 'node:events';
import { createServer } from 'node:http';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { HttpResponse } from '@smithy/core/protocols';
import { afterEach, describe, expect, it } from 'vitest';
import { createTableClient } from '../../lib/wiring/table-client.ts';

describe('the client of the table', () => {
  it.each(['', 'a', 'ab', 'abc', '\u0000\u00ff', 'x'.repeat(100_000)])(
    'reads binary attributes as they are',
    async (text) => {
      const bytes = Buffer.from(text, 'latin1');
      const body = JSON.stringify({ Item: { body: { B: bytes.toString('base64') }, none: { NULL: true } } });
      const client = createTableClient({
        region: 'eu-west-1',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
        requestHandler: {
          handle: async () => ({
            response: new HttpResponse({
              statusCode: 200,
              headers: { 'content-type': 'application/x-amz-json-1.0' },
              body: Buffer.from(body),
            }),
          }),
        },
      });
      const { Item: item } = await client.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'p' } } }));
      expect(item?.['body']?.B?.constructor.name).toBe('Buffer');
      expect(bytes.equals(item?.['body']?.B ?? Buffer.of(1))).toBe(true);
      expect(item?.['none']).toEqual({ NULL: true });
    },
  );
});

const servers: ReturnType<typeof createServer>[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A table whose server closes a connection as its second request arrives, as one does that finds it idle for long enough. */
async function closingServer(): Promise<string> {
  let requestCount = 0;
  const server = createServer((request, response) => {
    requestCount += 1;
    if (requestCount === 2) {
      request.socket.destroy();
    } else {
      request.resume();
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end('{"Item":{"pk":{"S":"p"}}}');
    }
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

describe('a connection that was closed while it was idle', () => {
  const ask = async (maxAttempts?: number) => {
    const client = createTableClient({
      endpoint: await closingServer(),
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      ...(maxAttempts === undefined ? {} : { maxAttempts }),
    });
    const get = new GetItemCommand({ TableName: 't', Key: { pk: { S: 'p' } } });
    await client.send(get);
    return client.send(get);
  };

  it('fails no request: the client asks again', async () => {
    expect((await ask()).Item).toEqual({ pk: { S: 'p' } });
  });

  it('fails one of a client that does not', async () => {
    await expect(ask(1)).rejects.toThrow('socket hang up');
  });
});
