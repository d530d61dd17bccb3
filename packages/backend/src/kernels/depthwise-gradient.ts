import { backend_util, tensor1d, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import { attribute, setKernel } from './registration.ts';

/** The largest filter that oneDNN has a depthwise gradient of its own for; larger ones go through its grouped convolution. */
const DEPTHWISE = 3;

/**
 * The gradient of a depthwise filter of 5 x 5 or more by TensorFlow's own kernel, which is two to
 * three times as fast on a CPU as the grouped convolution that oneDNN takes for it. TensorFlow
 * leaves oneDNN aside where padding is given in numbers, so the same padding is.
 */
export function registerDepthwiseGradient(): void {
  const previous = setKernel('DepthwiseConv2dNativeBackpropFilter', (call) => {
    const { x, dy } = call.inputs as Record<'x' | 'dy', TensorInfo>;
    const { strides, dilations, pad, dimRoundingMode, filterShape } = call.attrs as {
      strides: [number, number];
      dilations: [number, number];
      pad: 'same' | 'valid' | number;
      dimRoundingMode?: 'floor' | 'round' | 'ceil';
      filterShape: [number, number, number, number];
    };
    const info = backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filterShape,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      true,
    );
    const small = info.filterHeight <= DEPTHWISE && info.filterWidth <= DEPTHWISE;
    const dilated = info.dilationHeight > 1 || info.dilationWidth > 1;
    if (small || dilated || call.backend.binding.isUsingGpuDevice()) return (previous as KernelFunc)(call as never);
    const { top, bottom, left, right } = info.padInfo;
    const sizes = tensor1d(filterShape, 'int32');
    const result = call.backend.executeSingleOutput(
      'DepthwiseConv2dNativeBackpropFilter',
      [
        attribute.type('T', 'float32'),
        attribute.ints('strides', [1, info.strideHeight, info.strideWidth, 1]),
        attribute.string('padding', 'EXPLICIT'),
        attribute.ints('explicit_paddings', [0, 0, top, bottom, left, right, 0, 0]),
        attribute.string('data_format', 'NHWC'),
      ],
      [x, sizes, dy],
    );
    sizes.dispose();
    return result;
  });
}
