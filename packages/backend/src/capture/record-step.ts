import * as tf from '@tensorflow/tfjs-core';
import { Tensor, type Variable } from '@tensorflow/tfjs-core';
import { withoutDraws, type ReducedPrecision } from '@headstart/core/backend';
import { attribute } from '../kernels/registration.ts';
import { AttrType } from '../libtensorflow/data-types.ts';
import { CapturedStep, ResultSlot, type ReplayInput } from './captured-step.ts';
import type { CapturingBackend } from './capturing-backend.ts';
import { checkResultLeaf, mapLeaves, tensorsIn } from './containers.ts';
import { HeldVariables } from './held-variables.ts';
import type { Recording } from './recording.ts';
import { CaptureRefusal } from './refusal.ts';
import { StepGraph, type GraphTensor } from './step-graph.ts';

export type Step = (...args: never[]) => unknown;

/** How a step is to be computed once it is recorded. */
export interface RecordOptions {
  readonly reduced?: ReducedPrecision;
  /** When XLA compiles it: never, always, or where its inputs are so large that this pays. */
  readonly xla: 'never' | 'large' | 'always';
}

/**
 * Numbers an input from which compiling pays within a hundred calls or so. It takes time by the
 * tensor and saves time by the number: for the 147 weights of EfficientNet-Lite0 (31,000 numbers
 * each on average) six seconds against twelve milliseconds a call, for the 101 of MiniLM (223,000)
 * one second against forty milliseconds.
 */
const LARGE = 2 ** 17;

/** What a recorded step is made of. */
interface Parts {
  readonly inputs: { readonly source: ReplayInput; readonly graphTensor: GraphTensor }[];
  readonly outputs: GraphTensor[];
  readonly assigned: Variable[];
  readonly result: unknown;
}

/**
 * Records a step without running it: variables and everything else are as before afterwards.
 *
 * @param args the arguments of a call; their tensors lend shape and type only
 * @param how.reduced what products and convolutions are computed in, where that is not float32
 * @throws CaptureRefusal, or whatever the step itself throws
 */
export function recordStep(
  backend: CapturingBackend,
  step: Step,
  args: readonly unknown[],
  { reduced, xla }: RecordOptions,
): CapturedStep {
  const graph = new StepGraph(backend.library, reduced);
  const variables = new HeldVariables(backend);
  try {
    const parts = backend.record(graph, (recording) =>
      withoutHostState(recording, () => run(backend, recording, variables, step, args)),
    );
    const { inputs, outputs, assigned, result } = parts;
    const name = graph.addToContext(
      inputs.map(({ graphTensor }) => graphTensor),
      outputs,
    );
    return new CapturedStep(backend, {
      name,
      nodes: graph.nodes,
      xla: xla === 'always' || (xla === 'large' && meanSize(tensorsIn(args)) >= LARGE),
      inputs: inputs.map(({ source, graphTensor: { shape, dtype } }) => ({ source, shape, dtype })),
      outputs: outputs.map(({ shape, dtype }) => ({ shape, dtype })),
      assigned,
      result,
    });
  } finally {
    variables.release();
    graph.delete();
  }
}

function run(
  backend: CapturingBackend,
  recording: Recording,
  variables: HeldVariables,
  step: Step,
  args: readonly unknown[],
): Parts {
  let parts: Parts | undefined;
  tf.tidy(() => {
    const inputs: Parts['inputs'] = [];
    const given = mapLeaves(args, (leaf) => {
      if (!(leaf instanceof Tensor)) return leaf;
      const { shape, dtype } = backend.stored(leaf.dataId)!;
      const { graphTensor, ...metadata } = recording.placeholder(shape, dtype);
      inputs.push({ source: { kind: 'argument', index: inputs.length }, graphTensor });
      return backend.kernels.createOutputTensor(metadata);
    }) as never[];
    const result = step(...given);
    recording.check();
    const collected = collect(backend, recording, variables, result);
    recording.check();
    for (const { dataId, graphTensor } of recording.outer) {
      const variable = variables.owner(dataId);
      inputs.push({ source: variable ? { kind: 'variable', variable } : { kind: 'tensor', dataId }, graphTensor });
    }
    parts = { inputs, ...collected };
  });
  return parts!;
}

function meanSize(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, { size }) => sum + size, 0) / tensors.length;
}

/** The function's outputs: the result's tensors, then the new values of the variables that were assigned. */
function collect(
  backend: CapturingBackend,
  recording: Recording,
  variables: HeldVariables,
  returned: unknown,
): Omit<Parts, 'inputs'> {
  const outputs: GraphTensor[] = [];
  const output = (tensor: Tensor) => {
    // A node of its own: an input may be handed on, and one value stand in several places.
    const [own] = recording.execute(
      'Identity',
      [typeAttribute(recording.graphTensor(tensor))],
      [recording.idOf(tensor)],
      1,
    );
    outputs.push(recording.graphTensorOf(own!.id));
    return outputs.length - 1;
  };
  const result = mapLeaves(returned, (leaf, path) => {
    checkResultLeaf(leaf, path);
    return leaf instanceof Tensor ? new ResultSlot(output(leaf as Tensor)) : leaf;
  });
  const assigned = variables.assigned();
  for (const variable of assigned) {
    const before = variables.before(variable);
    if (recording.graphTensor(variable).dtype !== backend.stored(before.dataId)!.dtype) {
      throw new CaptureRefusal(`it changes the type of the variable ${variable.name}`);
    }
    output(variable);
  }
  return { outputs, assigned, result };
}

function typeAttribute({ dtype }: GraphTensor) {
  return { ...attribute.type('T', 'float32'), type: AttrType.type, value: dtype };
}

/** What would freeze in a recording, or outlive it, is refused: random numbers and new variables. */
function withoutHostState<T>(recording: Recording, work: () => T): T {
  const engine = tf.engine();
  const { random } = Math;
  const makeVariable = engine.makeVariable.bind(engine);
  const refuseDraw = () => recording.refuse('it draws random numbers in JavaScript, which every replay would repeat');
  Math.random = () => {
    throw refuseDraw();
  };
  engine.makeVariable = () => {
    throw recording.refuse('it makes a variable (make variables and optimiser slots before the first step)');
  };
  try {
    return withoutDraws(refuseDraw, work);
  } catch (error) {
    dropTape();
    throw error;
  } finally {
    Math.random = random;
    engine.makeVariable = makeVariable;
  }
}

/** Frees what TensorFlow.js had saved for a gradient that an error cut short; it does not do so itself. */
function dropTape(): void {
  const { state } = tf.engine();
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved);
  state.activeTape = undefined as never;
}
