import { dispose, zeros, type Rank, type ShapeMap } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { ModelVariable } from '../network/stage.ts';
import type { Tensors, TensorSpecs } from '../network/tensors.ts';
import type { ProgramOptions, TracePair } from './program.ts';
import { traceKernels, type Trace } from './trace-kernels.ts';

/** What is written as a graph. */
export interface ForwardPass {
  /** The forward pass in inference mode; synchronous and the same for every batch size. */
  forward(inputs: Tensors): Tensors;
  /** What `forward` takes, without the batch axis. The names become the graph's input names. */
  readonly inputs: TensorSpecs;
  /** Which of `forward`'s outputs the graph offers, under the same names; all of them where absent. */
  readonly outputNames?: readonly string[];
  /** The model's variables, so that weights keep their names. */
  readonly variables?: readonly ModelVariable[];
}

/** Two batch sizes, by which what follows the batch is known from what is fixed. */
const BATCH_SIZES = [2, 3] as const;

/** Runs a forward pass twice and hands over its kernels, which are freed when `use` is done. @throws HeadstartError `invalid-option` */
export async function tracedTwice<Result>(
  pass: ForwardPass,
  use: (traces: TracePair, options: ProgramOptions) => Promise<Result>,
): Promise<Result> {
  const traces: Trace[] = [];
  try {
    for (const size of BATCH_SIZES) traces.push(traceBatch(pass, size));
    const [first, second] = traces as [Trace, Trace];
    const outputNames = pass.outputNames ?? Object.keys(first.outputs);
    requireOutputs(first, outputNames);
    const weightNames = new Map((pass.variables ?? []).map(({ name, value }) => [value.id, name]));
    return await use({ first, second }, { outputNames, weightNames });
  } finally {
    for (const trace of traces) trace.dispose();
  }
}

function traceBatch(pass: ForwardPass, size: number): Trace {
  const inputs: Tensors = Object.fromEntries(
    Object.entries(pass.inputs).map(([name, { shape, dtype }]) => [
      name,
      zeros([size, ...shape] as ShapeMap[Rank], dtype),
    ]),
  );
  try {
    return traceKernels((tensors) => pass.forward(tensors), inputs);
  } finally {
    dispose({ ...inputs });
  }
}

function requireOutputs(trace: Trace, outputNames: readonly string[]): void {
  const missing = outputNames.find((name) => trace.outputs[name] === undefined);
  if (missing === undefined) return;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The forward pass has no output "${missing}".`,
    hint: `Its outputs are: ${Object.keys(trace.outputs).join(', ')}.`,
  });
}
