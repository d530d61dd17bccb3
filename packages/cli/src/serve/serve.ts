import type { LoadedModel } from '@headstart/core';
import { describeFailure } from '../failures.ts';
import { interruptible } from '../interrupts.ts';
import type { Console } from '../terminal/console.ts';
import { serveApp } from './app.ts';
import { listen, type Address } from './listen.ts';
import { ServedModel, type ServedModelOptions } from './served-model.ts';
import { warmUp } from './warm-up.ts';

export interface ServeOptions extends Address, Pick<ServedModelOptions, 'batchWindow' | 'batchSize' | 'queue'> {
  /** Bytes. */
  readonly bodyLimit: number;
  /** Seconds. */
  readonly timeout: number;
  readonly cors?: string;
  /** Whether to say in one line of JSON where the server listens. */
  readonly json?: boolean;
}

/** Serves a model until the process is told to end, and answers then what it has accepted. */
export async function serve(console: Console, model: LoadedModel, options: ServeOptions): Promise<void> {
  const onFailure = (error: unknown) => {
    const { code, message } = describeFailure(error);
    console.entry(console.colours.red('error'), `${message} [${code}]`);
    if (code === 'internal' && error instanceof Error && error.stack)
      for (const line of error.stack.split('\n')) console.say(console.colours.dim(line));
  };
  const served = new ServedModel(model, { ...options, onFailure });
  let draining = false;
  const app = serveApp(served, {
    bodyLimit: options.bodyLimit,
    timeout: 1000 * options.timeout,
    cors: options.cors,
    page: await model.servedPage(),
    draining: () => draining,
    onFailure,
  });
  await interruptible(
    console,
    async (signal) => {
      await warmUp(model);
      const { url, host, port, close } = await listen(app, options);
      const { directory, task, labels, computedBy } = model;
      console.say(`Predictions are computed by ${computedBy.engine}. ${computedBy.reason}`);
      if (options.json)
        console.print(JSON.stringify({ url, host, port, model: directory, pid: process.pid, computedBy }));
      else console.print(`${task.id} with ${labels.length} labels at ${url}`);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      draining = true;
      await close();
    },
    'Ending: what was accepted is answered first. A second signal ends at once.',
  );
}
