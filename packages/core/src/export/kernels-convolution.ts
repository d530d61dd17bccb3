import { attribute, type AttributeValue } from './graph-def.ts';
import type { GraphBuilder } from './graph-builder.ts';
import type { KernelCall } from './kernel-call.ts';
import { activate, fuseBias } from './kernel-activation.ts';
import type { KernelTranslation, KernelTranslations } from './kernel-nodes.ts';

type Pair = number | readonly [number, number];
type Padding = 'valid' | 'same' | number | readonly (readonly [number, number])[];

/** Height and width among the four axes of `[batch, height, width, channels]`. */
function spatial(pair: Pair): AttributeValue {
  const [height, width] = typeof pair === 'number' ? [pair, pair] : pair;
  return attribute.integers([1, height, width, 1]);
}

/** Eight numbers, before and after on each axis, or the name of a rule. */
function padding(call: KernelCall): 'VALID' | 'SAME' | readonly number[] {
  const pad = call.fixed<Padding>('pad');
  const rounding = call.fixed<string | null | undefined>('dimRoundingMode');
  if (rounding != null && rounding !== 'floor') throw call.unsupported(`output sizes rounded by "${rounding}"`);
  if (pad === 'valid') return 'VALID';
  if (pad === 'same') return 'SAME';
  return typeof pad === 'number' ? [0, 0, pad, pad, pad, pad, 0, 0] : pad.flat();
}

function convolutionAttributes(call: KernelCall): Record<string, AttributeValue> {
  if (call.fixed('dataFormat') !== 'NHWC') throw call.unsupported('the data format is not NHWC');
  const pad = padding(call);
  return {
    strides: spatial(call.fixed('strides')),
    dilations: spatial(call.fixed<Pair | null>('dilations') ?? 1),
    data_format: attribute.text('NHWC'),
    ...(typeof pad === 'string'
      ? { padding: attribute.text(pad) }
      : { padding: attribute.text('EXPLICIT'), explicit_paddings: attribute.integers(pad) }),
  };
}

const convolution =
  (op: string): KernelTranslation =>
  (call, graph) =>
    graph.add(op, [call.input('x'), call.input('filter')], convolutionAttributes(call));

/** A convolution with bias and activation; where there is no bias the activation is a node of its own. */
const fusedConvolution =
  (op: string, plainOp: string): KernelTranslation =>
  (call, graph) => {
    const operands = [call.input('x'), call.input('filter')];
    const attributes = convolutionAttributes(call);
    if (call.optionalInput('bias') === undefined)
      return activate(graph.add(plainOp, operands, attributes), call, graph);
    return fuseBias(op, operands, attributes, call, graph);
  };

function pool(op: string, call: KernelCall, graph: GraphBuilder): string {
  const pad = padding(call);
  let x = call.input('x');
  if (typeof pad !== 'string' && pad.some((amount) => amount !== 0)) {
    // Graph pools know no explicit padding; for a maximum, minus infinity is neutral.
    if (op !== 'MaxPool') throw call.unsupported('explicit padding');
    x = graph.add('PadV2', [x, graph.constant(pad, [4, 2]), graph.scalar(-Infinity, 'float32')]);
  }
  return graph.add(op, [x], {
    ksize: spatial(call.fixed('filterSize')),
    strides: spatial(call.fixed('strides')),
    padding: attribute.text(typeof pad === 'string' ? pad : 'VALID'),
  });
}

const resize =
  (op: string): KernelTranslation =>
  (call, graph) =>
    graph.add(op, [call.input('images'), graph.constant(call.fixed('size'))], {
      align_corners: attribute.flag(call.fixed('alignCorners')),
      half_pixel_centers: attribute.flag(call.fixed('halfPixelCenters')),
    });

export const convolutionKernels: KernelTranslations = {
  Conv2D: convolution('Conv2D'),
  DepthwiseConv2dNative: convolution('DepthwiseConv2dNative'),
  FusedConv2D: fusedConvolution('_FusedConv2D', 'Conv2D'),
  FusedDepthwiseConv2D: fusedConvolution('FusedDepthwiseConv2dNative', 'DepthwiseConv2dNative'),
  MaxPool: (call, graph) => pool('MaxPool', call, graph),
  AvgPool: (call, graph) => pool('AvgPool', call, graph),
  ResizeBilinear: resize('ResizeBilinear'),
  ResizeNearestNeighbor: resize('ResizeNearestNeighbor'),
  FusedBatchNorm: (call, graph) => {
    const channels = call.tensor('mean').shape;
    const filled = (value: number) =>
      graph.constant(new Array<number>(channels.reduce((a, b) => a * b, 1)).fill(value), channels, 'float32');
    return graph.add(
      'FusedBatchNormV3',
      [
        call.input('x'),
        call.optionalInput('scale') ?? filled(1),
        call.optionalInput('offset') ?? filled(0),
        call.input('mean'),
        call.input('variance'),
      ],
      {
        epsilon: attribute.real(call.fixed('varianceEpsilon')),
        data_format: attribute.text('NHWC'),
        is_training: attribute.flag(false),
      },
    );
  },
  LRN: (call, graph) =>
    graph.add('LRN', [call.input('x')], {
      depth_radius: attribute.integer(call.fixed('depthRadius')),
      bias: attribute.real(call.fixed('bias')),
      alpha: attribute.real(call.fixed('alpha')),
      beta: attribute.real(call.fixed('beta')),
    }),
};
