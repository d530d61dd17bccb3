import { add, backend_util, conv2d, reshape, tensor1d, tidy, type FusedConv2DAttrs, type KernelFunc, type Tensor, type Tensor4D, type TensorInfo } from '@tensorflow/tfjs-core';
import { attribute, setKernel } from './registration.ts';

type Conv2DInfo = ReturnType<typeof backend_util.computeConv2DInfo>;

/** Convolutions that tfjs-node refuses: fused ones of channels-first images, gradients with padding given in numbers. */
export function registerConvolutions(): void {
  registerFusedChannelsFirst();
  registerBackpropInput();
  registerBackpropFilter();
}

/** Bias and PReLU's weights of one value a channel lie along the last axis; here they must lie along the second. */
function registerFusedChannelsFirst(): void {
  const previous = setKernel('FusedConv2D', (call) => {
    const { dataFormat, strides, pad, dilations, dimRoundingMode, activation, leakyreluAlpha } = call.attrs as unknown as FusedConv2DAttrs;
    if (dataFormat !== 'NCHW') return (previous as KernelFunc)(call as never);
    const { x, filter, bias, preluActivationWeights } = call.inputs as unknown as Record<'x' | 'filter', Tensor4D> & Partial<Record<'bias' | 'preluActivationWeights', Tensor>>;
    const alongChannels = (tensor: Tensor | undefined) => (tensor?.rank === 1 ? reshape(tensor, [-1, 1, 1]) : tensor);
    return tidy(() => {
      const convolved = conv2d(x, filter, strides, pad, dataFormat, dilations, dimRoundingMode);
      const biased = bias ? add(convolved, alongChannels(bias)!) : convolved;
      return call.backend.applyActivation(biased, activation, alongChannels(preluActivationWeights), leakyreluAlpha);
    });
  });
}

function registerBackpropInput(): void {
  const previous = setKernel('Conv2DBackpropInput', (call) => {
    const { dy, filter } = call.inputs as Record<'dy' | 'filter', TensorInfo>;
    const info = convolution(call.attrs, call.attrs.inputShape as number[], filter.shape);
    if (!needsPaddings(info)) return (previous as KernelFunc)(call as never);
    const sizes = tensor1d(info.inShape, 'int32');
    const result = call.backend.executeSingleOutput('Conv2DBackpropInput', attributes(info), [sizes, filter, dy]);
    sizes.dispose();
    return result;
  });
}

function registerBackpropFilter(): void {
  const previous = setKernel('Conv2DBackpropFilter', (call) => {
    const { x, dy } = call.inputs as Record<'x' | 'dy', TensorInfo>;
    const info = convolution(call.attrs, x.shape, call.attrs.filterShape as number[]);
    if (!needsPaddings(info)) return (previous as KernelFunc)(call as never);
    const sizes = tensor1d(info.filterShape, 'int32');
    const result = call.backend.executeSingleOutput('Conv2DBackpropFilter', attributes(info), [x, sizes, dy]);
    sizes.dispose();
    return result;
  });
}

function convolution(attrs: Record<string, unknown>, inputShape: readonly number[], filterShape: readonly number[]): Conv2DInfo {
  const { strides, pad, dataFormat, dimRoundingMode } = attrs as { strides: number; pad: 'valid'; dataFormat: 'NHWC'; dimRoundingMode?: 'floor' };
  const format = backend_util.convertConv2DDataFormat(dataFormat);
  return backend_util.computeConv2DInfo(inputShape as never, filterShape as never, strides, 1, pad, dimRoundingMode, false, format);
}

function needsPaddings({ padInfo }: Conv2DInfo): boolean {
  return padInfo.type !== 'VALID' && padInfo.type !== 'SAME';
}

function attributes({ strideHeight, strideWidth, dataFormat, padInfo: { top, bottom, left, right } }: Conv2DInfo) {
  const channelsLast = dataFormat === 'channelsLast';
  const spatial = (values: number[], others: number[]) => (channelsLast ? [...others, ...values, ...others] : [...others, ...others, ...values]);
  return [
    attribute.type('T', 'float32'),
    attribute.ints('strides', spatial([strideHeight, strideWidth], [1])),
    attribute.string('padding', 'EXPLICIT'),
    attribute.ints('explicit_paddings', spatial([top, bottom, left, right], [0, 0])),
    attribute.string('data_format', channelsLast ? 'NHWC' : 'NCHW'),
  ];
}
