import { readFileSync } from 'node:fs';
import type { Console } from './terminal/console.ts';

/** What ends a run: Ctrl-C, a service manager, a terminal that was closed (unless `nohup` has that ignored). */
const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', ...(ignoresHangUp() ? [] : (['SIGHUP'] as const))];

/** Whether the process was started to outlive its terminal, as Linux says; to listen for the signal would end that. */
function ignoresHangUp(): boolean {
  try {
    const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return (BigInt(`0x${ignored ?? '0'}`) & 1n) === 1n;
  } catch {
    return false;
  }
}

/**
 * Runs work that can be stopped gently: the first Ctrl-C (or SIGTERM, SIGHUP) aborts the signal; after it the
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
