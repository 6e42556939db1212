import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { answer } from './answer.ts';
import type { SimulatedAws } from './state.ts';
import type { WireRequest } from './wire.ts';

export interface SimulatedAwsServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/**
 * Serves a simulated AWS over HTTP, for the AWS CLI or any SDK: set `AWS_ENDPOINT_URL` to the returned `url`.
 * Port 0 takes a free one. Signatures are not checked, so it listens on the loopback address unless told otherwise.
 */
export async function serveSimulatedAws(
  aws: SimulatedAws,
  { port, host = LOOPBACK }: { readonly port: number; readonly host?: string },
): Promise<SimulatedAwsServer> {
  const server = createServer((request, response) => {
    respond(aws, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error(`Cannot serve the simulated AWS on "${host}:${port}": no TCP address`);
  }
  return {
    url: `http://${host}:${address.port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function respond(aws: SimulatedAws, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const abandoned = new AbortController();
  response.once('close', () => abandoned.abort());
  const answered = await answer(aws, await toWireRequest(request), abandoned.signal);
  if (answered === undefined) {
    request.socket.destroy();
    return;
  }
  const body = Buffer.from(answered.body);
  response.writeHead(answered.status, { ...answered.headers, 'content-length': body.length });
  response.end(body);
}

async function toWireRequest(request: IncomingMessage): Promise<WireRequest> {
  // Node.js always sets both on a request that a server receives.
  const { method = 'GET', url = '/' } = request;
  const [path = '/', search = ''] = url.split('?', 2);
  return {
    method,
    path,
    query: new Map(new URLSearchParams(search)),
    headers: new Map(
      Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    ),
    body: await text(request),
  };
}
