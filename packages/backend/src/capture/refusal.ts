/** Why a step cannot be recorded. The step is run op by op instead, and the reason told. */
export class CaptureRefusal extends Error {
  /** @param reason a clause that follows "because": what the step does, naming the op */
  constructor(reason: string) {
    super(reason);
    this.name = 'CaptureRefusal';
  }
}
