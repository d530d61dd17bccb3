import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { HeadstartError } from '@headstart/artifacts/errors';

/** The package that computes, which whoever wants it installs. */
export const ONNXRUNTIME = 'onnxruntime-node';

/** A tensor as onnxruntime has it. */
export interface OnnxValue {
  readonly type: string;
  readonly data: Float32Array | Int32Array | BigInt64Array | Uint8Array;
  readonly dims: readonly number[];
}
export type OnnxValues = Readonly<Record<string, OnnxValue>>;

/**
 * onnxruntime computes within the call, so that it has a thread of its own: the event loop stays free. What it says is
 * `{ ready }` or `{ failed }` at first, and then of each run `{ id, outputs }` or `{ id, failed }`.
 */
const SCRIPT = `
const { parentPort, workerData: { library, model, options } } = require('node:worker_threads');
const say = (error) => (error instanceof Error ? error.message : String(error));
(async () => {
  const { InferenceSession, Tensor } = require(library);
  const session = await InferenceSession.create(model, options);
  parentPort.on('message', async ({ id, feeds }) => {
    try {
      const fed = Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new Tensor(type, data, dims)]);
      const outputs = Object.entries(await session.run(Object.fromEntries(fed)));
      const given = Object.fromEntries(outputs.map(([name, { type, data, dims }]) => [name, { type, data, dims }]));
      // Handed over rather than copied: a detector's outputs are some megabytes.
      parentPort.postMessage({ id, outputs: given }, outputs.map(([, { data }]) => data.buffer));
    } catch (error) {
      parentPort.postMessage({ id, failed: say(error) });
    }
  });
  parentPort.postMessage({ ready: true });
})().catch((error) => parentPort.postMessage({ failed: say(error) }));
`;

interface Message {
  readonly id?: number;
  readonly ready?: true;
  readonly outputs?: OnnxValues;
  readonly failed?: string;
}

interface Waiting {
  readonly resolve: (outputs: OnnxValues) => void;
  readonly reject: (error: HeadstartError) => void;
}

/**
 * Where the package lies, and its version: beside this one, or in the project that is worked in. Undefined where it is not
 * installed. It is no optional peer: with Yarn's Plug'n'Play, packages with and without it would have a copy of core each.
 */
export function findOnnxruntime(): { readonly path: string; readonly version: string } | undefined {
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    const require = createRequire(from);
    try {
      const { version } = require(`${ONNXRUNTIME}/package.json`) as { version: string };
      return { path: require.resolve(ONNXRUNTIME), version };
    } catch {
      // It may be in the other place.
    }
  }
  return undefined;
}

/** An ONNX graph in onnxruntime, in a thread of its own. It keeps the process alive while it computes, and not otherwise. */
export class OnnxThread {
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;
  #ended: HeadstartError | undefined;

  private constructor(private readonly worker: Worker) {
    worker.on('message', ({ id, outputs, failed }: Message) => {
      const waiting = this.#waiting.get(id!);
      if (!waiting) return;
      this.#waiting.delete(id!);
      if (this.#waiting.size === 0) worker.unref();
      if (outputs) waiting.resolve(outputs);
      else waiting.reject(failedToCompute(failed!, 'Ask again; if it stays so, let the backend compute'));
    });
    worker.on('error', (error) => this.#end(error.message));
    worker.on('exit', (code) => this.#end(endedWith(code)));
    worker.unref();
  }

  /** @throws HeadstartError `not-supported` where onnxruntime cannot be loaded or does not take the graph */
  static async open(library: string, model: Uint8Array, threads: number): Promise<OnnxThread> {
    const options = { intraOpNumThreads: threads, interOpNumThreads: 1 };
    const worker = new Worker(SCRIPT, { eval: true, workerData: { library, model, options } });
    try {
      const { failed } = await firstMessage(worker);
      if (failed !== undefined) throw new Error(failed);
    } catch (cause) {
      await worker.terminate();
      throw new HeadstartError({
        code: 'not-supported',
        message: `${ONNXRUNTIME} cannot compute this model: ${cause instanceof Error ? cause.message : String(cause)}`,
        hint: 'Let the backend compute it: inference "backend", or --inference backend.',
        cause,
      });
    }
    return new OnnxThread(worker);
  }

  /** @throws HeadstartError `backend-failed` */
  run(feeds: OnnxValues): Promise<OnnxValues> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#count++;
    this.worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, feeds });
    });
  }

  dispose(): void {
    this.#end('it has been disposed of');
    void this.worker.terminate();
  }

  #end(why: string): void {
    this.#ended ??= failedToCompute(why, 'Load the model again; if it stays so, let the backend compute');
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}

/** @throws Error where the thread ends without one */
function firstMessage(worker: Worker): Promise<Message> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(endedWith(code))));
  });
}

const endedWith = (code: number) => `its thread has ended with ${code}`;

function failedToCompute(why: string, advice: string): HeadstartError {
  return new HeadstartError({
    code: 'backend-failed',
    message: `${ONNXRUNTIME} could not compute a prediction: ${why.replace(/\.$/, '')}.`,
    hint: `${advice}: inference "backend", or --inference backend.`,
  });
}
