import type { Readable, Writable } from 'node:stream';

type Handler = (params: unknown) => void;

/** What becomes of a question: an answer, or an error. */
interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Chromium's DevTools protocol over its pipe (`--remote-debugging-pipe`): messages in JSON, each ended by a NUL. */
export class DevTools {
  readonly #input: Writable;
  readonly #waiting = new Map<number, Waiting>();
  readonly #handlers = new Map<string, Handler>();
  #last = 0;

  constructor(input: Writable, output: Readable) {
    this.#input = input;
    let pending: Buffer[] = [];
    output.on('data', (chunk: Buffer) => {
      for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0)) {
        this.#take(JSON.parse(Buffer.concat([...pending, chunk.subarray(0, end)]).toString()) as Message);
        pending = [];
        chunk = chunk.subarray(end + 1);
      }
      if (chunk.length > 0) pending.push(chunk);
    });
  }

  /** Asks the browser, or a page by its session, and gives the answer. @throws Error where it refuses, or has ended */
  send<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = ++this.#last;
    this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject })) as Promise<T>;
  }

  /** Is told of a page's events of a kind. */
  on(method: string, sessionId: string, handler: Handler): void {
    this.#handlers.set(`${sessionId} ${method}`, handler);
  }

  /** Fails what still waits for an answer: there will be none. */
  end(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error('The browser has ended.'));
  }

  #take({ id, method, sessionId, params, result, error }: Message): void {
    if (id === undefined) return void this.#handlers.get(`${sessionId} ${method}`)?.(params);
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }
}
