import { HeadstartError } from '@headstart/artifacts/errors';

/** The error that ends a run whose signal was aborted; the run's folder keeps what a resume needs. */
export function interrupted(directory: string, where: string, cause?: unknown): HeadstartError {
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
