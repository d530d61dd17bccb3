import type { Tensor } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { TensorSpecs } from '../network/tensors.ts';
import { GraphBuilder, requireDtype } from './graph-builder.ts';
import { attribute, shapeValue, type GraphModel, type SignatureDef } from './graph-def.ts';
import { KernelCall } from './kernel-call.ts';
import { translateKernel } from './kernel-nodes.ts';
import type { Trace, TracedCall, ValueRef } from './trace-kernels.ts';

/** Two runs of the same function that differ in batch size only. */
export interface TracePair {
  readonly first: Trace;
  readonly second: Trace;
}

/**
 * Turns two traces of a forward pass into a graph of which the batch axis is open.
 *
 * @param weightNames names for weights by tensor id; others are numbered
 */
export async function buildGraph(
  { first, second }: TracePair,
  inputs: TensorSpecs,
  outputNames: readonly string[],
  weightNames: ReadonlyMap<number, string>,
): Promise<GraphModel> {
  requireSameProgram(first, second);
  const graph = new GraphBuilder();
  for (const name of [...Object.keys(inputs), ...outputNames]) graph.reserve(name);

  const signature: SignatureDef = { inputs: {}, outputs: {} };
  for (const [name, { shape, dtype }] of Object.entries(inputs)) {
    const type = requireDtype(dtype);
    graph.add('Placeholder', [], { dtype: attribute.type(type), shape: attribute.shape([-1, ...shape]) }, name);
    signature.inputs[name] = { name: `${name}:0`, dtype: type, tensorShape: shapeValue([-1, ...shape]) };
  }

  const weights = new Map<number, string>();
  const callNames = new Map<number, string>();
  const nameOf = async (ref: ValueRef, twin: ValueRef): Promise<string> => {
    if (ref.kind === 'input') return ref.name;
    if (ref.kind === 'call') {
      const name = callNames.get(ref.call)!;
      return ref.output === 0 ? name : `${name}:${ref.output}`;
    }
    const known = weights.get(ref.id);
    if (known !== undefined) return known;
    const tensor = await sameConstant(first, second, ref.id, (twin as typeof ref).id);
    const name = graph.weight(tensor, weightNames.get(ref.id) ?? 'weight');
    weights.set(ref.id, name);
    return name;
  };

  const live = liveCalls(first, outputNames);
  for (const [index, call] of first.calls.entries()) {
    if (!live.has(index)) continue;
    const twin = second.calls[index]!;
    const names: string[] = [];
    for (const [i, input] of call.inputs.entries()) names.push(await nameOf(input.ref, twin.inputs[i]!.ref));
    callNames.set(index, translateKernel(new KernelCall(call, twin, names), graph));
  }

  for (const name of outputNames) {
    const ref = first.outputs[name]!;
    graph.add('Identity', [await nameOf(ref, second.outputs[name]!)], {}, name);
    const { shape, dtype } = describe(first, ref, inputs);
    signature.outputs[name] = {
      name: `${name}:0`,
      dtype: requireDtype(dtype),
      tensorShape: shapeValue([-1, ...shape.slice(1)]),
    };
  }
  return { nodes: graph.nodes, weights: await graph.weights(), signature };
}

function describe(
  trace: Trace,
  ref: ValueRef,
  inputs: TensorSpecs,
): Pick<Tensor, 'dtype'> & { shape: readonly number[] } {
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
