import { HeadstartError } from '../errors/headstart-error.ts';

/** The error that ends a run whose signal was aborted; the run's folder keeps what a resume needs. */
export function interrupted(directory: string, where: string, cause?: unknown): HeadstartError {
  return new HeadstartError({
    code: 'interrupted',
    message: `Interrupted ${where}; all work up to there is kept.`,
    hint: `Continue with: headstart train --resume ${directory}`,
    cause,
  });
}
