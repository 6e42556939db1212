import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freshFetch } from '../../lib/wiring/fresh-fetch.ts';

const ports = new Set<number | undefined>();
const bodies: string[] = [];
const server = createServer((request, response) => {
  ports.add(request.socket.remotePort);
  request.setEncoding('utf8').on('data', (part: string) => bodies.push(part));
  request.on('end', () => response.writeHead(200, { 'retry-after': '7' }).end('ok'));
});

afterEach(() => server.close());

describe('freshFetch', () => {
  it('uses each connection once, and hands on what it is given', async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // A server that listens on a port has one.
    const { port } = server.address() as AddressInfo;
    const { signal } = new AbortController();
    const send = async (body: string | Uint8Array) => {
      const headers = { 'content-type': 'text/plain' };
      const answer = await freshFetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body, signal });
      // A connection that is kept is free for a later request once its answer is read.
      return [answer.status, answer.headers.get('retry-after'), await answer.text()];
    };
    const sent = ['one', new TextEncoder().encode('two'), 'three', 'four'];
    for (const body of sent) {
      expect(await send(body)).toEqual([200, '7', 'ok']);
    }
    expect(bodies).toEqual(['one', 'two', 'three', 'four']);
    expect(ports.size).toBe(sent.length);
  });
});
