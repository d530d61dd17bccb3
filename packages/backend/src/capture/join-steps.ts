import type { DataId, Variable } from '@tensorflow/tfjs-core';
import { CapturedStep, ResultSlot, type ReplayInput, type StepInput } from './captured-step.ts';
import type { CapturingBackend } from './capturing-backend.ts';
import { mapLeaves } from './containers.ts';
import { CaptureRefusal } from './refusal.ts';
import { StepGraph, type GraphTensor } from './step-graph.ts';

/**
 * Recorded steps, each of which is given what the one before gives, as one function that calls theirs: TensorFlow puts
 * them in its place and optimises the whole, and nothing of them runs in JavaScript again.
 *
 * @throws CaptureRefusal where one changes variables, or gives something that is not a tensor
 */
export function joinSteps(backend: CapturingBackend, steps: readonly CapturedStep[]): CapturedStep {
  const graph = new StepGraph(backend.library);
  try {
    const inputs = new JoinedInputs(graph);
    let given: GraphTensor[] | undefined;
    let results: GraphTensor[] = [];
    for (const { parts } of steps) {
      if (parts.assigned.length > 0) throw new CaptureRefusal('one of the steps to join changes variables');
      const before = given;
      const argument = (input: StepInput, index: number) => (before ? before[index]! : inputs.of(input));
      results = graph.call(
        parts.name,
        parts.inputs.map((input) =>
          input.source.kind === 'argument' ? argument(input, input.source.index) : inputs.of(input),
        ),
        parts.outputs,
      );
      const all = results;
      given = slotsIn(parts.result).map(({ index }) => all[index]!);
    }
    const last = steps.at(-1)!.parts;
    return new CapturedStep(backend, {
      name: graph.addToContext(inputs.placeholders, results),
      nodes: graph.nodes,
      xla: false,
      inputs: inputs.inputs,
      outputs: last.outputs,
      assigned: [],
      result: last.result,
    });
  } finally {
    graph.delete();
  }
}

/** The inputs of all steps, each once. */
class JoinedInputs {
  readonly inputs: StepInput[] = [];
  readonly placeholders: GraphTensor[] = [];
  readonly #known = new Map<number | DataId | Variable, GraphTensor>();

  constructor(private readonly graph: StepGraph) {}

  of(input: StepInput): GraphTensor {
    const key = keyOf(input.source);
    const known = this.#known.get(key);
    if (known) return known;
    const placeholder = this.graph.placeholder(input.shape, input.dtype);
    this.inputs.push(input);
    this.placeholders.push(placeholder);
    this.#known.set(key, placeholder);
    return placeholder;
  }
}

function keyOf(source: ReplayInput): number | DataId | Variable {
  if (source.kind === 'argument') return source.index;
  return source.kind === 'variable' ? source.variable : source.dataId;
}

function slotsIn(result: unknown): ResultSlot[] {
  const slots: ResultSlot[] = [];
  mapLeaves(result, (leaf) => {
    if (!(leaf instanceof ResultSlot)) throw new CaptureRefusal('one of the steps to join gives more than tensors');
    slots.push(leaf);
  });
  return slots;
}
