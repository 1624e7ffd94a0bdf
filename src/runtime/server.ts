import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { OperatorError } from './operator-error.js';

export interface Listening {
  readonly port: number;
  /** The address for people and logs: `http://localhost:3978`. */
  readonly address: string;
  /** Takes no further request and waits for those in flight, `ms` at most; what is still open then is cut. */
  close(ms: number): Promise<void>;
}

/**
 * Connections that may wait to be taken, as far as the system lets them (net.core.somaxconn). With Node's 511 a crowd of a
 * thousand who signed at the same moment was partly refused.
 */
const BACKLOG = 4_096;

/**
 * Opens the door.
 * @param port 0 takes a free one
 * @throws OperatorError when the port is taken or may not be used
 */
export async function listen(app: Express, host: string, port: number): Promise<Listening> {
  const server = createServer(app);
  // A proxy keeps its connections for about a minute: longer than it, so that it never uses one that was just closed.
  server.keepAliveTimeout = 65_000;
  server.requestTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    server.listen({ port, host, backlog: BACKLOG }, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return {
    port: bound,
    address: `http://${shown.includes(':') ? `[${shown}]` : shown}:${bound}`,
    close: (ms) => close(server, ms),
  };
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new OperatorError('server.port_in_use', `Port ${port} is in use by another program. Stop it, or set PORT to a free one.`);
  }
  if (error.code === 'EACCES') {
    return new OperatorError('server.port_refused', `Port ${port} may not be used by this account. Set PORT to one above 1023.`);
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new OperatorError(
      'server.no_such_host',
      `HOST is ${host}, which is no address of this computer. Set it to one, or leave it out.`,
    );
  }
  return error;
}

async function close(server: Server, ms: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // A connection that is kept alive becomes idle only after its request.
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  const cut = setTimeout(() => server.closeAllConnections(), ms);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
