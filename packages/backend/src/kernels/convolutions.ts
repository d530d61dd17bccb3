import { HeadstartError } from '@headstart/core';
import {
  add,
  backend_util,
  conv2d,
  reshape,
  tensor1d,
  tidy,
  type FusedConv2DAttrs,
  type KernelFunc,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { attribute, setKernel, type KernelCall } from './registration.ts';

type Format = 'NHWC' | 'NCHW';
type Paddings = [[number, number], [number, number], [number, number], [number, number]];

/** Convolutions that tfjs-node refuses: padding given in numbers, also in gradients, and fused ones of channels-first images. */
export function registerConvolutions(): void {
  for (const name of ['Conv2D', 'FusedConv2D', 'DepthwiseConv2dNative', 'FusedDepthwiseConv2D']) {
    const previous = setKernel(name, (call) => {
      const paddings = paddingsOf(call);
      const attrs = paddings ? { ...call.attrs, pad: paddings, dimRoundingMode: undefined } : call.attrs;
      return (previous as KernelFunc)({ ...call, attrs } as never);
    });
  }
  registerFusedChannelsFirst();
  registerBackprop('Conv2DBackpropInput', ({ inputs, attrs }) => ({
    input: attrs.inputShape,
    filter: inputs.filter!.shape,
  }));
  registerBackprop('Conv2DBackpropFilter', ({ inputs, attrs }) => ({
    input: inputs.x!.shape,
    filter: attrs.filterShape,
  }));
  registerBackprop('DepthwiseConv2dNativeBackpropInput', ({ inputs, attrs }) => ({
    input: attrs.inputShape,
    filter: inputs.filter!.shape,
  }));
  registerBackprop('DepthwiseConv2dNativeBackpropFilter', ({ inputs, attrs }) => ({
    input: inputs.x!.shape,
    filter: attrs.filterShape,
  }));
}

/** Bias and PReLU's weights of one value per channel lie along the last axis; here they must lie along the second. */
function registerFusedChannelsFirst(): void {
  const previous = setKernel('FusedConv2D', (call) => {
    const { dataFormat, strides, pad, dilations, dimRoundingMode, activation, leakyreluAlpha } =
      call.attrs as unknown as FusedConv2DAttrs;
    if (dataFormat !== 'NCHW') return (previous as KernelFunc)(call as never);
    const { x, filter, bias, preluActivationWeights } = call.inputs as unknown as Record<'x' | 'filter', Tensor4D> &
      Partial<Record<'bias' | 'preluActivationWeights', Tensor>>;
    const alongChannels = (tensor: Tensor | undefined) => (tensor?.rank === 1 ? reshape(tensor, [-1, 1, 1]) : tensor);
    return tidy(() => {
      const convolved = conv2d(x, filter, strides, pad, dataFormat, dilations, dimRoundingMode);
      const biased = bias ? add(convolved, alongChannels(bias)!) : convolved;
      return call.backend.applyActivation(biased, activation, alongChannels(preluActivationWeights), leakyreluAlpha);
    });
  });
}

/** The gradient with respect to what the op is named after: its shape goes in as a tensor, in the place of its values. */
function registerBackprop(name: string, shapesOf: (call: KernelCall) => { input: unknown; filter: unknown }): void {
  const previous = setKernel(name, (call) => {
    const paddings = paddingsOf(call);
    if (!paddings) return (previous as KernelFunc)(call as never);
    const { input, filter } = shapesOf(call) as Record<'input' | 'filter', [number, number, number, number]>;
    const { strides, dilations = 1 } = call.attrs as { strides: number; dilations?: number };
    const format = formatOf(call);
    const info = backend_util.computeConv2DInfo(
      input,
      filter,
      strides,
      dilations,
      'valid',
      undefined,
      false,
      backend_util.convertConv2DDataFormat(format),
    );
    const along = (height: number, width: number) =>
      format === 'NHWC' ? [1, height, width, 1] : [1, 1, height, width];
    const attributes = [
      attribute.type('T', 'float32'),
      attribute.ints('strides', along(info.strideHeight, info.strideWidth)),
      attribute.ints('dilations', along(info.dilationHeight, info.dilationWidth)),
      attribute.string('padding', 'EXPLICIT'),
      attribute.ints('explicit_paddings', paddings.flat()),
      attribute.string('data_format', format),
    ];
    const { x, dy, filter: weights } = call.inputs;
    const sizes = tensor1d(x ? filter : input, 'int32');
    const result = call.backend.executeSingleOutput(name, attributes, x ? [x, sizes, dy!] : [sizes, weights!, dy!]);
    sizes.dispose();
    return result;
  });
}

function formatOf({ attrs }: KernelCall): Format {
  return (attrs.dataFormat as Format | undefined) ?? 'NHWC';
}

/** Padding given in numbers, for each side of each axis; undefined where it goes by name, or is none. */
function paddingsOf(call: KernelCall): Paddings | undefined {
  const { pad, dimRoundingMode } = call.attrs as { pad: string | number | Paddings; dimRoundingMode?: string };
  if (typeof pad === 'string' || pad === 0) return undefined;
  if (dimRoundingMode && dimRoundingMode !== 'floor') {
    throw new HeadstartError({
      code: 'not-supported',
      message: `A convolution whose output's size is rounded by ${dimRoundingMode} is not offered by TensorFlow.`,
      hint: 'Round down (floor), and pad the image first where the last cells matter.',
    });
  }
  if (typeof pad !== 'number') return pad;
  const side: [number, number] = [pad, pad];
  return formatOf(call) === 'NHWC' ? [[0, 0], side, side, [0, 0]] : [[0, 0], [0, 0], side, side];
}
