import type { KernelCall } from '../kernel-call.ts';
import type { ImageMaps, MapInput } from './image-maps.ts';
import type { OnnxGraph } from './onnx-graph.ts';

const plain: Readonly<Record<string, string>> = { relu: 'Relu', elu: 'Elu', sigmoid: 'Sigmoid' };

export function relu6(graph: OnnxGraph, x: string): string {
  return graph.add('Clip', [x, graph.scalar(0), graph.scalar(6)]);
}

/** The activation of a fused kernel, after it. @param x of the kernel's output, channels last where it is an image */
export function activate(x: string, call: KernelCall, maps: ImageMaps): string {
  const { graph } = maps;
  const activation = call.fixed<string | null | undefined>('activation') ?? 'linear';
  const input: MapInput = { name: x, shape: call.outputs[0]!.shape };
  if (activation === 'linear') return x;
  if (activation === 'relu6') return maps.elementwise([input], ([name]) => relu6(graph, name!));
  if (activation === 'prelu') {
    const slopes = { name: call.input('preluActivationWeights'), shape: call.tensor('preluActivationWeights').shape };
    return maps.elementwise([input, slopes], (names) => graph.add('PRelu', names));
  }
  if (activation === 'leakyrelu') {
    const alpha = { float: call.fixed<number | null | undefined>('leakyreluAlpha') ?? 0.2 };
    return maps.elementwise([input], (names) => graph.add('LeakyRelu', names, { alpha }));
  }
  const op = Object.hasOwn(plain, activation) ? plain[activation] : undefined;
  if (op === undefined) throw call.unsupported(`the fused activation "${activation}"`);
  return maps.elementwise([input], (names) => graph.add(op, names));
}
