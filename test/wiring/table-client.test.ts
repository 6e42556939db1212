import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { HttpResponse } from '@smithy/core/protocols';
import { describe, expect, it } from 'vitest';
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
