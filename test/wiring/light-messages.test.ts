import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LightHeaders, LightRequest, LightResponse } from '../../lib/wiring/light-messages.ts';
import { bundleCode } from '../helpers/function-bundles.ts';

/** What an act comes to. Where two things are wrong it may fail of either. */
async function outcomeOf<T>(act: () => T | Promise<T>) {
  try {
    return { returned: await act() };
  } catch {
    return { threw: true };
  }
}

async function sameOutcome<T>(light: () => T | Promise<T>, own: () => T | Promise<T>): Promise<void> {
  expect(await outcomeOf(light)).toEqual(await outcomeOf(own));
}

const name = fc.oneof(
  fc.constantFrom('etag', 'ETag', 'vary', 'set-cookie', 'Set-Cookie', 'content-type', 'x-request-id'),
  fc.string({ maxLength: 4 }),
);
const value = fc.oneof(
  fc.constantFrom('', 'a', 'a, b', ' a\t', 'a\r\nb: c', 'a\0b', 'é', 'ÿ', 'Ā', 'a\u0001'),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const change = fc.oneof(
  fc.record({ act: fc.constantFrom('set' as const, 'append' as const), name, value }),
  fc.record({ act: fc.constantFrom('get' as const, 'has' as const, 'delete' as const), name, value: fc.constant('') }),
);
const pairs = fc.array(fc.tuple(name, value), { maxLength: 4 });
const body = fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array()), { nil: null });

describe('light headers', () => {
  it('hold, change, order and refuse what those of Node do', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, fc.array(change, { maxLength: 8 }), async (init, changes) => {
        const walk = (headers: Headers | LightHeaders) => [
          ...changes.map(({ act, name: of, value: to }) => {
            try {
              return act === 'set' || act === 'append' ? headers[act](of, to) : headers[act](of);
            } catch (error) {
              return (error as Error).constructor.name;
            }
          }),
          [...headers],
          headers.getSetCookie(),
        ];
        await sameOutcome(
          () => walk(new LightHeaders(init)),
          () => walk(new Headers(init as [string, string][])),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('are made of an object, and of headers', () => {
    const headers = new LightHeaders(new LightHeaders({ B: '2', a: '1' }));
    const seen: [string, string][] = [];
    headers.forEach((of, key) => {
      seen.push([key, of]);
    });
    expect(seen).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
  });
});

describe('a light request', () => {
  const read = async (request: Request | LightRequest) => ({
    url: request.url,
    method: request.method,
    headers: [...request.headers],
    hasBody: request.body !== null,
    text: await request.text(),
  });
  const url = fc.oneof(
    fc.constantFrom(
      'https://api.example/v1/../x?a=%2e#b',
      'https://a:b@c.example/',
      'https://ä.example/ü?ü',
      'nothing',
      '',
    ),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
  );
  const method = fc.constantFrom('GET', 'get', 'HEAD', 'POST', 'post', 'patch', 'PATCH', 'TRACE', 'connect', 'a b', '');

  it('reads and refuses as that of Node does', async () => {
    await fc.assert(
      fc.asyncProperty(url, method, pairs, body, async (of, by, headers, sent) => {
        // A body of bytes in an array that may be shared is no body by its type.
        const init = { method: by, headers: headers as [string, string][], body: sent as string | null };
        await sameOutcome(
          () => read(new LightRequest(of, init)),
          () => read(new Request(of, init)),
        );
      }),
      { numRuns: 500 },
    );
  });

  // The adapter answers these with 400.
  it.each(['nothing', 'https://a:b@api.example/'])('refuses %s by a TypeError', (of) => {
    expect(() => new LightRequest(of)).toThrow(TypeError);
  });

  it.each([{}, { body: 'after' }, { headers: { b: '2' } }, { method: 'PUT' }, { method: 'GET' }])(
    'is made of another and %j',
    async (changed) => {
      const init = { method: 'POST', headers: { a: '1' }, body: 'before' };
      await sameOutcome(
        () => read(new LightRequest(new LightRequest('https://api.example/a', init), changed)),
        () => read(new Request(new Request('https://api.example/a', init), changed)),
      );
    },
  );
});

describe('a light response', () => {
  const read = async (response: Response | LightResponse) => ({
    status: response.status,
    ok: response.ok,
    headers: [...response.headers],
    hasBody: response.body !== null,
    bytes: [...new Uint8Array(await response.arrayBuffer())],
  });
  const status = fc.oneof(
    fc.constantFrom(199, 200, 204, 205, 299, 300, 304, 599, 600),
    fc.integer({ min: 100, max: 700 }),
  );

  it('is sent and refused as that of Node is', async () => {
    await fc.assert(
      fc.asyncProperty(body, status, pairs, async (sent, of, headers) => {
        const init = { status: of, headers: headers as [string, string][] };
        await sameOutcome(
          () => read(new LightResponse(sent, init)),
          () => read(new Response(sent as string | null, init)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('reads JSON, streams what it has, and refuses a body that is not there yet', async () => {
    const response = new LightResponse('{"a":1}');
    expect(await response.json()).toEqual({ a: 1 });
    expect(await new Response(response.body).text()).toBe('{"a":1}');
    expect(() => new LightResponse(new ReadableStream())).toThrow('known at once');
  });
});

describe('a function with light messages', () => {
  const answering = (first: string) => `
    import { Hono } from 'hono';
    import { httpFunction } from './lib/wiring/http-function.ts';
    import { useLightMessages } from './lib/wiring/light-messages.ts';
    ${first}
    const app = new Hono().get('/a', (context) => new Response('{"a":1}', { headers: { 'content-type': 'application/json', b: context.req.header('b') } }));
    const event = { version: '2.0', rawPath: '/a', rawQueryString: '', headers: { host: 'api.example', b: '2' }, requestContext: { domainName: 'api.example', http: { method: 'GET', path: '/a' } } };
    httpFunction(app)(event, {}).then((answer) =>
      console.log(JSON.stringify({ answer, hasFetch: process.moduleLoadList.some((name) => name.includes('undici')) })),
    );
  `;

  it('answers the same, and does not load the fetch of Node', async () => {
    const run = async (first: string) => {
      const { path } = await bundleCode('answering', answering(first));
      return JSON.parse(spawnSync(process.execPath, [path], { encoding: 'utf8' }).stdout);
    };
    const [own, light] = [await run(''), await run('useLightMessages();')];
    expect([own.hasFetch, light.hasFetch]).toEqual([true, false]);
    expect(own.answer).toMatchObject({ statusCode: 200, headers: { b: '2' }, body: '{"a":1}' });
    expect(light.answer).toEqual(own.answer);
  });
});
