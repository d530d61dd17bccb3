import { harmless } from '@headstart/artifacts/errors';
import { Tensor } from '@tensorflow/tfjs-core';
import { HeadstartError, RandomStream } from '@headstart/core';
import type { CompiledStep, CompileOptions, ReducedPrecision } from '@headstart/core/backend';
import type { CapturedStep } from './captured-step.ts';
import type { CapturingBackend } from './capturing-backend.ts';
import { mapLeaves, tensorsIn } from './containers.ts';
import { DeviceQueue } from './device-queue.ts';
import { joinSteps } from './join-steps.ts';
import { recordStep, type RecordOptions, type Step } from './record-step.ts';
import { refusalIn } from './refusal.ts';

/**
 * Recordings of one step, for inputs of different shapes or types. A step with more (a full batch,
 * the last one, a few buckets) has shapes that go on changing; it is not recorded any further.
 */
const MOST_SIGNATURES = 24;

/** One device a process: transfers that run side by side take turns. */
const queue = new DeviceQueue();

/**
 * Makes a step that is recorded at its first call with inputs of a signature, and replayed from then on.
 * @param xla when XLA compiles it
 */
export function compileStep<Args extends unknown[], Result>(
  backend: CapturingBackend,
  step: (...args: Args) => Result,
  { precision = 'float32' }: CompileOptions,
  xla: RecordOptions['xla'],
): CompiledStep<Args, Result> {
  const recordings = new Recordings(backend, step, { reduced: precision === 'float32' ? undefined : precision, xla });
  const call = (...args: Args) => queue.run(() => recordings.run(args)) as Promise<Result>;
  const compiled = Object.assign(call, { dispose: () => recordings.dispose() });
  recordingsOf.set(compiled, recordings);
  return compiled;
}

const recordingsOf = new WeakMap<object, Recordings>();

/**
 * Steps one after another as one, of those that have each been recorded for inputs of one signature; undefined where
 * they have not, or cannot be joined. To be disposed of before they are.
 */
export function joinCompiled<Given>(
  backend: CapturingBackend,
  steps: readonly CompiledStep<[Given], Given>[],
): CompiledStep<[Given], Given> | undefined {
  const recorded = steps.map((step) => recordingsOf.get(step)?.only());
  if (!recorded.every((each) => each !== undefined)) return undefined;
  const [first] = recorded;
  if (!first) return undefined;
  let joined: CapturedStep;
  try {
    joined = joinSteps(
      backend,
      recorded.map(({ captured }) => captured),
    );
  } catch (error) {
    if (refusalIn(error)) return undefined;
    throw error;
  }
  const call = (given: Given) =>
    queue.run(async () => {
      if (signatureOf(backend, [given]) === first.signature) return (await joined.replay(tensorsIn([given]))) as Given;
      throw new HeadstartError({
        code: 'internal',
        message: 'Joined steps were given inputs of other shapes or types than they were recorded for.',
        hint: 'Join steps anew for each shape.',
      });
    });
  return Object.assign(call, { dispose: () => joined.dispose() });
}

class Recordings {
  readonly #bySignature = new Map<string, CapturedStep | 'refused'>();
  #running = false;
  #disposed = false;

  constructor(
    private readonly backend: CapturingBackend,
    private readonly step: Step,
    private readonly how: RecordOptions,
  ) {}

  async run(args: readonly unknown[]): Promise<unknown> {
    if (this.#disposed) {
      throw new HeadstartError({
        code: 'internal',
        message: 'A compiled step was called after it had been disposed.',
        hint: 'Dispose of a compiled step when its last call has settled.',
      });
    }
    this.#running = true;
    try {
      const signature = signatureOf(this.backend, args);
      const known = this.#bySignature.get(signature);
      if (known) return await (known === 'refused' ? this.#eagerly(args) : known.replay(tensorsIn(args)));
      const { captured, reason } = this.#record(args);
      this.#bySignature.set(signature, captured ?? 'refused');
      if (captured) return await captured.replay(tensorsIn(args));
      // Where the step fails by itself, its own error is the one to report.
      const result = await this.#eagerly(args);
      warn(reason, this.how.reduced);
      return result;
    } finally {
      this.#running = false;
      if (this.#disposed) this.#free();
    }
  }

  /** The recording, where there is one and no more. */
  only(): { readonly signature: string; readonly captured: CapturedStep } | undefined {
    const [[signature, captured] = [], another] = this.#bySignature;
    if (signature === undefined || captured === undefined || captured === 'refused' || another) return undefined;
    return { signature, captured };
  }

  dispose(): void {
    this.#disposed = true;
    if (!this.#running) this.#free();
  }

  #record(args: readonly unknown[]): { captured?: CapturedStep; reason: string } {
    if (this.#bySignature.size >= MOST_SIGNATURES) {
      return { reason: `the shapes, types or settings of its inputs have changed ${MOST_SIGNATURES} times` };
    }
    try {
      return { captured: recordStep(this.backend, this.step, args, this.how), reason: '' };
    } catch (error) {
      const refusal = refusalIn(error);
      return {
        reason: refusal?.message ?? `recording it failed: ${error instanceof Error ? error.message : String(error)}`,
      };
    }
  }

  async #eagerly(args: readonly unknown[]): Promise<unknown> {
    return this.step(...(args as never[]));
  }

  #free(): void {
    for (const captured of this.#bySignature.values()) if (captured !== 'refused') captured.dispose();
    this.#bySignature.clear();
  }
}

/** What a recording depends on: where tensors stand, their types and shapes, and every other value. */
function signatureOf(backend: CapturingBackend, args: readonly unknown[]): string {
  const parts: string[] = [];
  mapLeaves(args, (leaf, path) => {
    if (leaf instanceof Tensor) {
      const { dtype, shape } = backend.stored(leaf.dataId) ?? disposed(path);
      parts.push(`${path}:${dtype}[${shape.join()}]`);
    } else if (leaf instanceof RandomStream) {
      // Drawing from it is refused while a step is recorded, so no recording depends on it.
      parts.push(`${path}:random`);
    } else if ((typeof leaf === 'object' && leaf !== null) || typeof leaf === 'function') {
      parts.push(`${path}:object ${identityOf(leaf)}`);
    } else {
      parts.push(`${path}:${typeof leaf} ${String(leaf)}`);
    }
  });
  return parts.join(';');
}

const identities = new WeakMap<object, number>();
let nextIdentity = 0;

function identityOf(value: object): number {
  const known = identities.get(value) ?? nextIdentity++;
  identities.set(value, known);
  return known;
}

function disposed(path: string): never {
  throw new HeadstartError({
    code: 'backend-failed',
    message: `The argument ${path} of a compiled step was disposed or belongs to another backend.`,
    hint: 'Keep the tensors given to a compiled step alive until its promise settles.',
  });
}

const warned = new Set<string>();

/** Gives each reason once per process. */
function warn(reason: string, reduced: ReducedPrecision | undefined): void {
  const how = reduced ? `op by op and in float32 instead of ${reduced}` : 'op by op';
  const message = `A step runs ${how}, which is slower, because ${reason}.`;
  if (warned.has(message)) return;
  warned.add(message);
  process.emitWarning(harmless(message), { type: 'HeadstartWarning', code: 'STEP_NOT_CAPTURED' });
}
