import type { KernelCall } from '../kernel-call.ts';
import { activate } from './activation.ts';
import type { ImageMaps } from './image-maps.ts';
import type { OnnxNode } from './onnx-graph.ts';
import type { OnnxTranslation, OnnxTranslations } from './translation.ts';

type Pair = number | readonly [number, number];
type Padding = 'valid' | 'same' | number | readonly (readonly [number, number])[];

const pairOf = (pair: Pair): readonly [number, number] => (typeof pair === 'number' ? [pair, pair] : pair);

/** A window that moves over an image, in numbers per axis: height, width. */
interface Window {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
}

/** Above and left of the image, then below and right of it. */
function padsOf(call: KernelCall, { size, strides, dilations }: Window): number[] {
  const pad = call.fixed<Padding>('pad');
  const rounding = call.fixed<string | null | undefined>('dimRoundingMode');
  if (rounding != null && rounding !== 'floor') throw call.unsupported(`output sizes rounded by "${rounding}"`);
  if (pad === 'valid') return [0, 0, 0, 0];
  if (typeof pad === 'number') return [pad, pad, pad, pad];
  if (pad !== 'same') return [pad[1]![0], pad[2]![0], pad[1]![1], pad[2]![1]];
  const both = [0, 1].map((axis) => {
    const length = call.tensor('x').shape[axis + 1]!;
    const reach = (size[axis]! - 1) * dilations[axis]! + 1;
    const all = Math.max(0, (Math.ceil(length / strides[axis]!) - 1) * strides[axis]! + reach - length);
    const before = Math.floor(all / 2);
    return [before, all - before] as const;
  });
  return [both[0]![0], both[1]![0], both[0]![1], both[1]![1]];
}

function attributesOf(call: KernelCall, window: Window): Record<string, OnnxNode['attributes'][string]> {
  const pads = padsOf(call, window);
  requireSameSize(call, window, pads);
  return { kernel_shape: { ints: window.size }, strides: { ints: window.strides }, pads: { ints: pads } };
}

/** Sizes that TensorFlow.js and ONNX work out in different ways of numbers that none of them means so. */
function requireSameSize(call: KernelCall, { size, strides, dilations }: Window, pads: readonly number[]): void {
  for (const axis of [0, 1] as const) {
    const length = call.tensor('x').shape[axis + 1]! + pads[axis]! + pads[axis + 2]!;
    const expected = Math.floor((length - (size[axis] - 1) * dilations[axis] - 1) / strides[axis]) + 1;
    if (expected !== call.outputs[0]!.shape[axis + 1]) throw call.unsupported('padding that gives another size there');
  }
}

function requireChannelsLast(call: KernelCall): void {
  if (call.fixed('dataFormat') !== 'NHWC') throw call.unsupported('the data format is not NHWC');
}

/** A filter as ONNX has it, `[out, in, height, width]`, from `[height, width, in, out]`, or of one channel each. */
function filterOf(call: KernelCall, maps: ImageMaps, depthwise: boolean): { filter: string; group: number } {
  const { shape } = call.tensor('filter');
  const [height, width, channels, outputs] = shape as [number, number, number, number];
  const input = { name: call.input('filter'), shape };
  if (!depthwise) {
    return { filter: maps.permuted(input, [3, 2, 0, 1]), group: call.tensor('x').shape[3]! / channels };
  }
  const filter = maps.reshaped(maps.permuted(input, [2, 3, 0, 1]), [channels * outputs, 1, height, width]);
  return { filter, group: channels };
}

const convolution =
  (depthwise: boolean): OnnxTranslation =>
  (call, maps) => {
    requireChannelsLast(call);
    const [height, width] = call.tensor('filter').shape as [number, number];
    const dilations = pairOf(call.fixed<Pair | null>('dilations') ?? 1);
    const window = { size: [height, width], strides: pairOf(call.fixed('strides')), dilations } as const;
    const { filter, group } = filterOf(call, maps, depthwise);
    const bias = call.optionalInput('bias');
    if (bias !== undefined && call.tensor('bias').shape.length > 1) throw call.unsupported('a bias that is no vector');
    const inputs = [maps.channelsFirst(call.input('x')), filter, ...(bias === undefined ? [] : [bias])];
    const attributes = { ...attributesOf(call, window), dilations: { ints: dilations }, group: { int: group } };
    return maps.channelsLast(maps.graph.add('Conv', inputs, attributes));
  };

const withActivation =
  (translate: OnnxTranslation): OnnxTranslation =>
  (call, maps) =>
    activate(translate(call, maps) as string, call, maps);

const pool =
  (op: 'MaxPool' | 'AveragePool'): OnnxTranslation =>
  (call, maps) => {
    const window = {
      size: pairOf(call.fixed('filterSize')),
      strides: pairOf(call.fixed('strides')),
      dilations: [1, 1],
    } as const;
    const attributes = attributesOf(call, window);
    // Padding is no part of an average here, nor there by default.
    return maps.channelsLast(maps.graph.add(op, [maps.channelsFirst(call.input('x'))], attributes));
  };

/**
 * To a size that is known. Where one is a whole multiple of the other it is said by factors, which every runtime knows
 * beforehand.
 */
const resize =
  (mode: 'linear' | 'nearest'): OnnxTranslation =>
  (call, maps) => {
    const { graph } = maps;
    const [, height, width] = call.tensor('images').shape as [number, number, number];
    const size = call.fixed<readonly [number, number]>('size');
    const x = maps.channelsFirst(call.input('images'));
    const [alignCorners, halfPixel] = [call.fixed('alignCorners'), call.fixed('halfPixelCenters')];
    const coordinates = alignCorners ? 'align_corners' : halfPixel ? 'half_pixel' : 'asymmetric';
    // TensorFlow takes the pixel below, and between centres or corners the nearest, of two the later one.
    const nearest = coordinates === 'asymmetric' ? 'floor' : 'round_prefer_ceil';
    const factors = [size[0] / height, size[1] / width];
    const none = graph.none();
    const inputs = factors.every(Number.isInteger)
      ? [x, none, graph.numbers(1, 1, ...factors)]
      : [
          x,
          none,
          none,
          graph.add('Concat', [batchAndChannels(maps, x), graph.integers(...size)], { axis: { int: 0 } }),
        ];
    const attributes = {
      mode: { text: mode },
      coordinate_transformation_mode: { text: coordinates },
      ...(mode === 'nearest' && { nearest_mode: { text: nearest } }),
    };
    return maps.channelsLast(graph.add('Resize', inputs, attributes));
  };

function batchAndChannels({ graph }: ImageMaps, x: string): string {
  return graph.add('Slice', [graph.add('Shape', [x]), graph.integers(0), graph.integers(2)]);
}

export const convolutionKernels: OnnxTranslations = {
  Conv2D: convolution(false),
  DepthwiseConv2dNative: convolution(true),
  FusedConv2D: withActivation(convolution(false)),
  FusedDepthwiseConv2D: withActivation(convolution(true)),
  MaxPool: pool('MaxPool'),
  AvgPool: pool('AveragePool'),
  ResizeBilinear: resize('linear'),
  ResizeNearestNeighbor: resize('nearest'),
  FusedBatchNorm: (call, maps) => {
    const { graph } = maps;
    const { shape } = call.tensor('mean');
    if (shape.length !== 1) throw call.unsupported('statistics that are no vector');
    const filled = (value: number) => graph.numbers(...new Array<number>(shape[0]!).fill(value));
    const inputs = [
      maps.channelsFirst(call.input('x')),
      call.optionalInput('scale') ?? filled(1),
      call.optionalInput('offset') ?? filled(0),
      call.input('mean'),
      call.input('variance'),
    ];
    const epsilon = { float: call.fixed<number>('varianceEpsilon') };
    return maps.channelsLast(graph.add('BatchNormalization', inputs, { epsilon }));
  },
  LRN: (call, maps) => {
    const size = 2 * call.fixed<number>('depthRadius') + 1;
    // ONNX divides by the number of channels that it adds up.
    const alpha = call.fixed<number>('alpha') * size;
    const [bias, beta] = [call.fixed<number>('bias'), call.fixed<number>('beta')];
    const attributes = { size: { int: size }, alpha: { float: alpha }, bias: { float: bias }, beta: { float: beta } };
    return maps.channelsLast(maps.graph.add('LRN', [maps.channelsFirst(call.input('x'))], attributes));
  },
  DepthToSpace: (call, maps) => {
    requireChannelsLast(call);
    const attributes = { blocksize: { int: call.fixed<number>('blockSize') }, mode: { text: 'DCR' } };
    return maps.channelsLast(maps.graph.add('DepthToSpace', [maps.channelsFirst(call.input('x'))], attributes));
  },
};
