import { once } from 'node:events';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { err, ok, type Result } from '../../domain/result.ts';

export interface HttpServer {
  readonly url: string;
  /** Takes no more requests, and resolves when those under way are answered. */
  close(): Promise<void>;
}

/** Nobody is asked who they are, so nobody but this machine may ask. */
const LOOPBACK = '127.0.0.1';

/** Serves an application on the loopback address. An error says which port is taken and what helps. */
export async function serveHttp(app: Hono, port: number): Promise<Result<HttpServer>> {
  const server = createServer(getRequestListener(app.fetch));
  server.listen(port, LOOPBACK);
  try {
    await once(server, 'listening');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') {
      return err(`Cannot listen on ${LOOPBACK}:${port}: something else does. PORT names another one`);
    }
    throw cause;
  }
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error(`Cannot tell the port of "${LOOPBACK}:${port}": no TCP address`);
  }
  return ok({
    url: `http://${LOOPBACK}:${address.port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  });
}
