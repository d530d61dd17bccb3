import type { Console } from './terminal/console.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs work that can be stopped gently: the first Ctrl-C (or SIGTERM) aborts the signal; after it the
 * system's default is back in force, so that a second one ends the process at once even while it computes.
 * @param notice what the first one is answered with
 */
export async function interruptible<T>(
  console: Console,
  work: (signal: AbortSignal) => Promise<T>,
  notice = 'Stopping after this step, with a checkpoint. Ctrl-C again quits at once.',
): Promise<T> {
  const controller = new AbortController();
  const stop = () => {
    release();
    console.say(notice);
    controller.abort();
  };
  const release = () => signals.forEach((signal) => process.off(signal, stop));
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work(controller.signal);
  } finally {
    release();
  }
}
