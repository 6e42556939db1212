import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { Readable } from 'node:stream';
import { HttpResponse } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { HttpRequest } from '@smithy/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSignedGet } from '../../lib/aws/signed-get.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET, sessionToken: 'token/of+a=role' };
const region = 'eu-central-1';

interface Asked {
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
}

/** The signature that AWS makes: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function signatureOf({ url, headers }: Asked): string {
  const authorization = String(headers.authorization);
  const signed = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? [];
  const scope = /Credential=[^/]+\/([^,]+)/.exec(authorization)?.[1] ?? '';
  const encoded = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = [...url.searchParams].map(([key, value]) => `${encoded(key)}=${encoded(value)}`).sort();
  const canonical = [
    'GET',
    url.pathname,
    query.join('&'),
    ...signed.map((name) => `${name}:${headers[name]}`),
    '',
    signed.join(';'),
    headers['x-amz-content-sha256'],
  ].join('\n');
  const hash = createHash('sha256').update(canonical).digest('hex');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((before, part) => createHmac('sha256', before).update(part).digest(), `AWS4${SECRET}`);
  return createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n${headers['x-amz-date']}\n${scope}\n${hash}`)
    .digest('hex');
}

describe('a signed request for something in S3', () => {
  let server: Server;
  let endpoint = '';
  let statuses: number[] = [];
  let asked: Asked[] = [];

  beforeEach(async () => {
    statuses = [];
    asked = [];
    server = createServer((request, response) => {
      asked.push({ url: new URL(request.url ?? '', 'http://s3'), headers: request.headers });
      response.writeHead(statuses.shift() ?? 200, { 'x-of': 'ä', connection: 'close' }).end('text: ü');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });

  afterEach(async () => {
    server.close();
    await once(server, 'close');
  });

  const get = () => createSignedGet({ credentials, region, endpoint, requestHandler: new NodeHttpHandler() });
  const REQUEST = { action: 's3:GetObject', bucket: 'a-bucket', key: 'a.yaml' } as const;

  it.each([
    ['an object', REQUEST],
    ['a version of it', { ...REQUEST, query: { versionId: "a+b/c=d'*" } }],
    ['what is not known yet', { ...REQUEST, headers: { 'if-none-match': '"etag"' } }],
    [
      'a list',
      { action: 's3:ListBucketVersions', bucket: 'a-bucket', query: { versions: '', prefix: 'a.yaml' } } as const,
    ],
  ])('for %s has the signature of AWS, and the token of its role', async (_, request) => {
    expect(await get()(request)).toMatchObject({ status: 200, text: 'text: ü' });
    expect(asked).toHaveLength(1);
    const [one] = asked;
    expect(one?.headers['x-amz-security-token']).toBe(credentials.sessionToken);
    expect(one?.headers.authorization).toContain(`AKIDEXAMPLE/`);
    expect(one?.headers.authorization).toContain(`/${region}/s3/aws4_request`);
    expect(one?.headers.authorization).toContain(`Signature=${one && signatureOf(one)}`);
  });

  it.each([503, 500, 429])('is sent again where the answer is %i', async (status) => {
    statuses = [status, status];
    expect(await get()(REQUEST)).toMatchObject({ status: 200 });
    expect(asked).toHaveLength(3);
  });

  it('fails where the third answer is the same', async () => {
    statuses = [503, 503, 503];
    await expect(get()(REQUEST)).rejects.toThrow('Cannot s3:GetObject of a-bucket: S3 answers 503');
    expect(asked).toHaveLength(3);
  });

  it.each([404, 403, 304, 301])('is not sent again where the answer is %i', async (status) => {
    statuses = [status];
    expect(await get()(REQUEST)).toMatchObject({ status });
    expect(asked).toHaveLength(1);
  });

  it('is sent again where the connection breaks', async () => {
    let count = 0;
    server.prependListener('request', (request) => {
      count += 1;
      if (count === 1) {
        request.socket.destroy();
      }
    });
    expect(await get()(REQUEST)).toMatchObject({ status: 200 });
  });

  it.each([
    ['a-bucket', 'eu-central-1', 'https://a-bucket.s3.eu-central-1.amazonaws.com/a.yaml'],
    ['a.bucket', 'eu-central-1', 'https://s3.eu-central-1.amazonaws.com/a.bucket/a.yaml'],
    ['a-bucket', 'cn-north-1', 'https://a-bucket.s3.cn-north-1.amazonaws.com.cn/a.yaml'],
    ['a-bucket', 'us-gov-west-1', 'https://a-bucket.s3.us-gov-west-1.amazonaws.com/a.yaml'],
  ])('of the bucket %s in %s goes to %s', async (bucket, where, url) => {
    const sent: HttpRequest[] = [];
    const requestHandler = new NodeHttpHandler();
    requestHandler.handle = async (request) => {
      sent.push(request);
      return { response: new HttpResponse({ statusCode: 404, headers: {}, body: Readable.from([]) }) };
    };
    const ask = createSignedGet({ credentials, region: where, requestHandler });
    await ask({ ...REQUEST, bucket });
    expect(sent.map(({ protocol, hostname, path }) => `${protocol}//${hostname}${path}`)).toEqual([url]);
    expect(sent[0]?.headers['host']).toBe(new URL(url).host);
  });
});
