import { attribute } from './graph-def.ts';
import { activate, fuseBias } from './kernel-activation.ts';
import type { GraphBuilder } from './graph-builder.ts';
import type { KernelCall } from './kernel-call.ts';
import type { KernelTranslation, KernelTranslations } from './kernel-nodes.ts';

/** Along the last axis only, as the graph's operation computes it. */
const alongLastAxis =
  (op: string, axisName: string): KernelTranslation =>
  (call, graph) => {
    const rank = call.tensor('logits').shape.length;
    const axis = call.fixed<number>(axisName);
    if (axis !== -1 && axis !== rank - 1) throw call.unsupported(`axis ${axis} of ${rank}`);
    return graph.add(op, [call.input('logits')]);
  };

function product(call: KernelCall, graph: GraphBuilder): string {
  return graph.add('BatchMatMulV2', [call.input('a'), call.input('b')], {
    adj_x: attribute.flag(call.fixed('transposeA')),
    adj_y: attribute.flag(call.fixed('transposeB')),
  });
}

export const linearKernels: KernelTranslations = {
  BatchMatMul: (call, graph) => product(call, graph),
  _FusedMatMul: (call, graph) => {
    const bias = call.optionalInput('bias');
    if (bias === undefined) return activate(product(call, graph), call, graph);
    // The fused operation adds a vector to each row of a matrix; anything else broadcasts.
    if (call.outputs[0]!.shape.length > 2)
      return activate(graph.add('AddV2', [product(call, graph), bias]), call, graph);
    const transposed = {
      transpose_a: attribute.flag(call.fixed('transposeA')),
      transpose_b: attribute.flag(call.fixed('transposeB')),
    };
    return fuseBias('_FusedMatMul', [call.input('a'), call.input('b')], transposed, call, graph);
  },
  Einsum: (call, graph) =>
    graph.add('Einsum', call.inputs, {
      equation: attribute.text(call.fixed('equation')),
      N: attribute.integer(call.inputs.length),
      T: attribute.type('DT_FLOAT'),
    }),
  Softmax: alongLastAxis('Softmax', 'dim'),
  LogSoftmax: alongLastAxis('LogSoftmax', 'axis'),
};
