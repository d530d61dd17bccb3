import type { KernelCall } from '../kernel-call.ts';
import { activate } from './activation.ts';
import type { ImageMaps } from './image-maps.ts';
import { axisOf, type OnnxTranslation, type OnnxTranslations } from './translation.ts';

/** A factor with its last two axes in the order in which they are multiplied. */
function factor(call: KernelCall, key: 'a' | 'b', maps: ImageMaps): string {
  const { shape } = call.tensor(key);
  const name = call.input(key);
  if (!call.fixed(key === 'a' ? 'transposeA' : 'transposeB')) return name;
  const last = shape.length - 1;
  const order = shape.map((_, axis) => (axis === last ? last - 1 : axis === last - 1 ? last : axis));
  return maps.permuted({ name, shape }, order);
}

function product(call: KernelCall, maps: ImageMaps): string {
  return maps.graph.add('MatMul', [factor(call, 'a', maps), factor(call, 'b', maps)]);
}

const alongAxis =
  (op: string, axisName: string): OnnxTranslation =>
  (call, maps) => {
    const axis = axisOf(call.fixed(axisName), call.tensor('logits').shape.length);
    return maps.graph.add(op, [call.input('logits')], { axis: { int: axis } });
  };

export const linearKernels: OnnxTranslations = {
  BatchMatMul: product,
  _FusedMatMul: (call, maps) => {
    const bias = call.optionalInput('bias');
    const result = product(call, maps);
    return activate(bias === undefined ? result : maps.graph.add('Add', [result, bias]), call, maps);
  },
  Einsum: (call, maps) => maps.graph.add('Einsum', call.inputs, { equation: { text: call.fixed('equation') } }),
  Softmax: alongAxis('Softmax', 'dim'),
  LogSoftmax: alongAxis('LogSoftmax', 'axis'),
};
