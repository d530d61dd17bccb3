import type { Tensor } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { TensorSpecs } from '../network/tensors.ts';
import { KernelCall } from './kernel-call.ts';
import type { Trace, TracedCall, TracedTensor, ValueRef } from './trace-kernels.ts';

/** Two runs of the same function that differ in batch size only. */
export interface TracePair {
  readonly first: Trace;
  readonly second: Trace;
}

/** A graph that a program is written into: values have names there. */
export interface ProgramGraph {
  /** For messages: `a TensorFlow.js graph`. */
  readonly format: string;
  /** The name of what an input gives. */
  input(name: string): string;
  /** @param name that is wanted; the name that it has */
  weight(tensor: Tensor, name: string): string | Promise<string>;
  /** Adds what a kernel did. @returns the names of its outputs by their position. @throws HeadstartError `not-supported` */
  call(call: KernelCall): (output: number) => string;
}

export interface ProgramOptions {
  /** What the graph offers. */
  readonly outputNames: readonly string[];
  /** Names for weights by tensor id; others are numbered. */
  readonly weightNames: ReadonlyMap<number, string>;
}

/**
 * Writes what two traces of a forward pass have in common into a graph of which the batch axis is open.
 *
 * @returns the name of each output in the graph
 * @throws HeadstartError `not-supported`
 */
export async function writeProgram(
  { first, second }: TracePair,
  graph: ProgramGraph,
  { outputNames, weightNames }: ProgramOptions,
): Promise<Record<string, string>> {
  requireSameProgram(first, second);
  const weights = new Map<number, string>();
  const outputsOf = new Map<number, (output: number) => string>();
  const nameOf = async (ref: ValueRef, twin: ValueRef): Promise<string> => {
    if (ref.kind === 'input') return graph.input(ref.name);
    if (ref.kind === 'call') return outputsOf.get(ref.call)!(ref.output);
    const known = weights.get(ref.id);
    if (known !== undefined) return known;
    const tensor = await sameConstant(first, second, ref.id, (twin as typeof ref).id);
    const name = await graph.weight(tensor, weightNames.get(ref.id) ?? 'weight');
    weights.set(ref.id, name);
    return name;
  };
  const live = liveCalls(first, outputNames);
  for (const [index, call] of first.calls.entries()) {
    if (!live.has(index)) continue;
    const twin = second.calls[index]!;
    const names: string[] = [];
    for (const [i, input] of call.inputs.entries()) names.push(await nameOf(input.ref, twin.inputs[i]!.ref));
    outputsOf.set(index, graph.call(new KernelCall(call, twin, names, graph.format)));
  }
  const outputs: Record<string, string> = {};
  for (const name of outputNames) outputs[name] = await nameOf(first.outputs[name]!, second.outputs[name]!);
  return outputs;
}

/** What an output is, the batch axis first: open, -1. @throws HeadstartError `not-supported` for one that follows from weights alone */
export function outputOf({ first }: TracePair, name: string, inputs: TensorSpecs): TracedTensor {
  const { dtype, shape } = describe(first, first.outputs[name]!, inputs);
  return { dtype, shape: [-1, ...shape.slice(1)] };
}

function describe(trace: Trace, ref: ValueRef, inputs: TensorSpecs): TracedTensor {
  if (ref.kind === 'call') return trace.calls[ref.call]!.outputs[ref.output]!;
  if (ref.kind === 'input') return { dtype: inputs[ref.name]!.dtype, shape: [-1, ...inputs[ref.name]!.shape] };
  throw new HeadstartError({
    code: 'not-supported',
    message: 'An output of this model does not depend on its input.',
    hint: 'Export a forward pass of which every output is computed from the inputs.',
  });
}

/** Indices of the calls that the outputs need. */
function liveCalls(trace: Trace, outputNames: readonly string[]): ReadonlySet<number> {
  const live = new Set<number>();
  const visit = (ref: ValueRef) => {
    if (ref.kind === 'call') live.add(ref.call);
  };
  for (const name of outputNames) visit(trace.outputs[name]!);
  // A call's inputs come from earlier calls, so one pass from the end meets each of them.
  for (let index = trace.calls.length - 1; index >= 0; index--) {
    if (live.has(index)) trace.calls[index]!.inputs.forEach(({ ref }) => visit(ref));
  }
  return live;
}

const sameRef = (a: ValueRef, b: ValueRef) =>
  a.kind === b.kind && (a.kind === 'constant' || JSON.stringify(a) === JSON.stringify(b));

const sameCall = (a: TracedCall, b: TracedCall | undefined) =>
  a.kernel === b?.kernel &&
  a.inputs.length === b.inputs.length &&
  a.outputs.length === b.outputs.length &&
  a.inputs.every(({ key, ref }, i) => key === b.inputs[i]!.key && sameRef(ref, b.inputs[i]!.ref));

function requireSameProgram(first: Trace, second: Trace): void {
  const index = first.calls.findIndex((call, i) => !sameCall(call, second.calls[i]));
  if (index < 0 && first.calls.length === second.calls.length) return;
  const where = first.calls[index] ?? second.calls[first.calls.length]!;
  throw new HeadstartError({
    code: 'not-supported',
    message: `The model computes differently for another batch size (at the kernel ${where.kernel}), so that no single graph serves all.`,
    hint: 'Write the forward pass without decisions or loops over the batch size.',
  });
}

/** The constant of both traces: the same tensor, or one made anew with the same values. */
async function sameConstant(first: Trace, second: Trace, id: number, twinId: number): Promise<Tensor> {
  const tensor = first.constants.get(id)!;
  if (id === twinId) return tensor;
  const twin = second.constants.get(twinId)!;
  const equal =
    tensor.dtype === twin.dtype &&
    tensor.shape.join() === twin.shape.join() &&
    equalValues(await tensor.data(), await twin.data());
  if (equal) return tensor;
  throw new HeadstartError({
    code: 'not-supported',
    message: `A constant of shape [${tensor.shape.join(', ')}] in the forward pass depends on the batch size or on chance.`,
    hint: 'Derive it from the input tensor, and leave dropout and other random numbers out of the exported pass.',
  });
}

function equalValues(a: ArrayLike<number | string>, b: ArrayLike<number | string>): boolean {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return a.length === b.length;
}
