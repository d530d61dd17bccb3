import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly path: string;
  readonly authorization?: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What to answer instead of what a well server would; `hang` for nothing at all. */
export type Trouble = 'hang' | { readonly status: number; readonly body: unknown };

/** A server on loopback that answers as MLflow does, as far as a run's tracking asks, and fails when it is told to. */
export class FakeMlflow {
  readonly asked: Asked[] = [];
  /** Asked for each request; undefined where it goes well. */
  trouble: (asked: Asked) => Trouble | undefined = () => undefined;
  #server: Server | undefined;
  #port = 0;
  readonly #runs = new Map<string, string>();

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    this.#server = createServer((request, response) => {
      void read(request).then((asked) => {
        this.asked.push(asked);
        const trouble = this.trouble(asked);
        if (trouble === 'hang') return;
        const { status, body } = trouble ?? this.#answer(asked);
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => this.#server!.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }

  /** Bodies of what was asked under a path. */
  bodies(path: string): Readonly<Record<string, unknown>>[] {
    return this.asked.filter((one) => one.path === path).map(({ body }) => body);
  }

  #answer({ path, body }: Asked): { status: number; body: unknown } {
    if (path === 'experiments/get-by-name')
      return { status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'none of that name' } };
    if (path === 'experiments/create') return { status: 200, body: { experiment_id: '4' } };
    if (path === 'runs/create') {
      const id = `r${this.#runs.size}`;
      this.#runs.set(body['run_name'] as string, id);
      return { status: 200, body: { run: { info: { run_id: id } } } };
    }
    if (path === 'runs/search') {
      const found = this.#runs.get(/'(.*)'$/.exec(body['filter'] as string)![1]!);
      return { status: 200, body: found === undefined ? {} : { runs: [{ info: { run_id: found } }] } };
    }
    return { status: 200, body: {} };
  }
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const path = new URL(request.url!, 'http://host').pathname.replace('/api/2.0/mlflow/', '');
  const { authorization } = request.headers;
  return { path, authorization, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}
