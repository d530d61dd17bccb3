import { createServer } from 'node:http';
import { Server as SocketServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { HeadstartError } from '@headstart/artifacts/errors';
import { Rounds } from './rounds.ts';

export interface Address {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
}

/** A server that listens. */
export interface Listening {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Takes no new connections, answers what was sent on those there are, and resolves when all are closed; the second time with the first. */
  readonly close: () => Promise<void>;
}

/** What node:http lets a slow client take, in milliseconds, and a request's head in bytes. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16_384,
} as const;

/** Connections at a time. */
const MOST_CONNECTIONS = 1024;

/**
 * How long connections without a request stay open once the server ends, in milliseconds: a client that keeps one alive
 * may have sent a request that has not arrived, and would see the connection reset.
 */
const LINGER = 500;

/** @throws HeadstartError `invalid-option` where the address cannot be listened on */
export async function listen(app: Hono, { host, port }: Address): Promise<Listening> {
  let draining = false;
  const underWay = new RequestsUnderWay();
  const rounds = new Rounds();
  const answer = getRequestListener(
    async (request, env) => {
      const response = await app.fetch(request, env);
      if (draining && underWay.of(env.incoming.socket) === 1) response.headers.set('Connection', 'close');
      return response;
    },
    { overrideGlobalObjects: false, hostname: 'localhost' },
  );
  const server = createServer(LIMITS, (request, response) => {
    underWay.begin(request.socket);
    response.once('close', () => underWay.end(request.socket));
    rounds.add(() => {
      if (!response.destroyed) void answer(request, response);
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(error, host, port)));
    server.listen({ host, port }, resolve);
  });
  const { port: real } = server.address() as AddressInfo;
  const end = async () => {
    draining = true;
    await waitingConnections(server);
    const closed = new Promise((resolve) => server.once('close', resolve));
    // Not http's own close, which also closes what is kept alive, at once.
    SocketServer.prototype.close.call(server);
    await setTimeout(LINGER);
    await underWay.none();
    server.closeAllConnections();
    await closed;
  };
  let ended: Promise<void> | undefined;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${real}`,
    host,
    port: real,
    close: () => (ended ??= end()),
  };
}

/**
 * Lets those in first whose connection the system has made already: the event loop takes them one a turn, and those left
 * when a server stops listening would be reset.
 */
async function waitingConnections(server: SocketServer): Promise<void> {
  let [came, seen] = [0, -1];
  const count = () => came++;
  server.on('connection', count);
  for (let turn = 0; turn < MOST_CONNECTIONS && came !== seen; turn++) {
    seen = came;
    for (let i = 0; i < 3; i++) await setImmediate();
  }
  server.off('connection', count);
}

/** Requests whose head has come and whose answer has not gone, per connection. */
class RequestsUnderWay {
  readonly #counts = new Map<Socket, number>();
  #whenNone: (() => void)[] = [];

  of(socket: Socket): number {
    return this.#counts.get(socket) ?? 0;
  }

  begin(socket: Socket): void {
    this.#counts.set(socket, this.of(socket) + 1);
  }

  end(socket: Socket): void {
    const left = this.of(socket) - 1;
    if (left > 0) this.#counts.set(socket, left);
    else this.#counts.delete(socket);
    if (this.#counts.size > 0) return;
    for (const resolve of this.#whenNone) resolve();
    this.#whenNone = [];
  }

  /** Resolves when there is none. */
  none(): Promise<void> {
    return this.#counts.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#whenNone.push(resolve));
  }
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): HeadstartError {
  const [why, hint] = reasonOf(error.code, port);
  return new HeadstartError({
    code: 'invalid-option',
    message: `The server cannot listen on ${host}, port ${port}: ${why}.`,
    hint,
    cause: error,
  });
}

function reasonOf(code: string | undefined, port: number): [why: string, hint: string] {
  switch (code) {
    case 'EADDRINUSE':
      return ['another program uses the port', 'Choose another one; --port 0 takes a free one and prints it.'];
    case 'EACCES':
      return ['this user may not use the port', port < 1024 ? 'Choose a port above 1023.' : 'Choose another port.'];
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [
        'this machine has no such address',
        'Use 127.0.0.1 for this machine alone, or 0.0.0.0 for all its addresses.',
      ];
    default:
      return [`the system says ${code ?? 'nothing'}`, 'Choose another port or host.'];
  }
}
