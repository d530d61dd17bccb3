import { HeadstartError } from '@headstart/artifacts/errors';
import type { SessionHand } from './session-hand.ts';
import type { FromWorker, ToWorker } from './work.ts';

/**
 * Does the units that the parent process hands over, until it goes away. Ctrl-C is the parent's to answer.
 * @param worker this process, which was forked
 */
export async function serveUnits(worker: NodeJS.Process, hand: Pick<SessionHand, 'work' | 'close'>): Promise<void> {
  const stopped = new AbortController();
  const tell = (message: FromWorker) => worker.send?.(message);
  const parentGone = new Promise<void>((gone) => worker.once('disconnect', gone));
  worker.on('SIGINT', () => {});
  worker.on('message', (message: ToWorker) => {
    if ('stop' in message) return stopped.abort();
    hand.work(message.work, stopped.signal).then(
      (done) => tell({ done }),
      (error: unknown) => tell({ failed: described(error) }),
    );
  });
  tell({ ready: true });
  await parentGone;
  await hand.close();
}

function described(error: unknown) {
  if (HeadstartError.is(error)) return { code: error.code, message: error.message, hint: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message, hint: 'This is a defect of Headstart: please report it.' } as const;
}
