/** Why a step cannot be recorded. The step is run op by op instead, and the reason given. */
export class CaptureRefusal extends Error {
  /** @param reason a clause that follows "because": what the step does, naming the op */
  constructor(reason: string) {
    super(reason);
    this.name = 'CaptureRefusal';
  }
}

/** The refusal that an error is or comes from: what a plugin's part throws is reported as the plugin's, with the cause. */
export function refusalIn(error: unknown): CaptureRefusal | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof CaptureRefusal) return cause;
  return undefined;
}
