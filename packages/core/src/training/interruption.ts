import { HeadstartError } from '@headstart/artifacts/errors';
import type { Transfer } from './transfer.ts';

/** The error that ends a run whose signal was aborted; the run's folder keeps what a resume needs, if it can be resumed. */
export function interrupted(
  { directory, resumable = true }: Pick<Transfer, 'directory' | 'resumable'>,
  where: string,
  cause?: unknown,
): HeadstartError {
  if (!resumable)
    return new HeadstartError({
      code: 'interrupted',
      message: `Interrupted ${where}; nothing of it is kept.`,
      hint: 'Run it again from the beginning.',
      cause,
    });
  return new HeadstartError({
    code: 'interrupted',
    message: `Interrupted ${where}; all work up to there is kept.`,
    hint: `Continue with: headstart train --resume ${directory}`,
    cause,
  });
}

/**
 * The error that a run ends with because its folder belongs to another process by now, so that nothing may be
 * written there; undefined where the signal, if aborted at all, asks for an interruption.
 */
export function takenOver({ aborted, reason }: AbortSignal): HeadstartError | undefined {
  return aborted && HeadstartError.is(reason) && reason.code === 'run-in-use' ? reason : undefined;
}
