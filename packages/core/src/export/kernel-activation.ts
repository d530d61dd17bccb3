import { attribute, type AttributeValue } from './graph-def.ts';
import type { GraphBuilder } from './graph-builder.ts';
import type { KernelCall } from './kernel-call.ts';

const plain: Readonly<Record<string, string>> = { relu: 'Relu', relu6: 'Relu6', elu: 'Elu', sigmoid: 'Sigmoid' };

/** Activations that every backend of TensorFlow.js computes within a fused operation (wasm has no fused elu, say). */
const fusedEverywhere: Readonly<Record<string, string>> = { relu: 'Relu', relu6: 'Relu6' };

/**
 * A fused operation with bias. The activation is part of it where every backend can do that, else a
 * node after it.
 */
export function fuseBias(
  op: string,
  operands: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>>,
  call: KernelCall,
  graph: GraphBuilder,
): string {
  const fused = fusedEverywhere[call.fixed<string | null | undefined>('activation') ?? 'linear'];
  const node = graph.add(op, [...operands, call.input('bias')], {
    ...attributes,
    num_args: attribute.integer(1),
    fused_ops: attribute.texts(['BiasAdd', ...(fused === undefined ? [] : [fused])]),
  });
  return fused === undefined ? activate(node, call, graph) : node;
}

/** The activation of a fused kernel, as a node after it. */
export function activate(x: string, call: KernelCall, graph: GraphBuilder): string {
  const activation = call.fixed<string | null | undefined>('activation') ?? 'linear';
  if (activation === 'linear') return x;
  if (activation === 'prelu') return graph.add('Prelu', [x, call.input('preluActivationWeights')]);
  if (activation === 'leakyrelu') {
    return graph.add('LeakyRelu', [x], {
      alpha: attribute.real(call.fixed<number | null | undefined>('leakyreluAlpha') ?? 0.2),
    });
  }
  const op = Object.hasOwn(plain, activation) ? plain[activation] : undefined;
  if (op === undefined) throw call.unsupported(`the fused activation "${activation}"`);
  return graph.add(op, [x]);
}
