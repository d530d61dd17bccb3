import {
  backend_util,
  isNaN,
  mul,
  pad,
  scalar,
  slice,
  tensor,
  tidy,
  where,
  zeros,
  type KernelFunc,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { attribute, setKernel, type KernelCall } from './registration.ts';

/** How a pool's windows lie: the axes between batch and channels, two or three of them. */
interface Windows {
  /** Such as `MaxPool`. */
  readonly op: string;
  readonly spatial: readonly {
    readonly size: number;
    readonly window: number;
    readonly stride: number;
    readonly before: number;
    readonly output: number;
  }[];
}

/**
 * Pools with padding given in numbers, which tfjs-node refuses, and MaxPoolWithArgmax, which it does
 * not offer. The input is padded, then pooled without padding: a maximum sees minus infinity there,
 * and an average, which counts only what is not padding, is scaled by the share of its window.
 */
export function registerPools(): void {
  const forward = (name: string, op: string, threeD: boolean) =>
    pool(name, threeD, 'x', (call, x, windows) => {
      if (windows.spatial.some(({ output }) => output <= 0)) return zeros(outputShape(x, windows), 'float32');
      if (op.startsWith('Max')) return run(call, op, windows, [padded(x, windows, lowest(x))]);
      return mul(run(call, op, windows, [padded(x, windows, 0)]), share(windows));
    });
  forward('MaxPool', 'MaxPool', false);
  forward('AvgPool', 'AvgPool', false);
  forward('MaxPool3D', 'MaxPool3D', true);
  forward('AvgPool3D', 'AvgPool3D', true);

  for (const [name, op, threeD] of [
    ['MaxPoolGrad', 'MaxPoolGrad', false],
    ['MaxPool3DGrad', 'MaxPool3DGrad', true],
  ] as const) {
    pool(name, threeD, 'input', (call, input, windows) => {
      const { dy, output } = call.inputs as Record<string, Tensor>;
      return unpadded(run(call, op, windows, [padded(input, windows, lowest(input)), output!, dy!]), input, windows);
    });
  }
  for (const [name, op, threeD] of [
    ['AvgPoolGrad', 'AvgPoolGrad', false],
    ['AvgPool3DGrad', 'AvgPool3DGrad', true],
  ] as const) {
    pool(name, threeD, 'input', (call, input, windows) => {
      const { dy } = call.inputs as Record<string, Tensor>;
      const shape = paddings(windows).map(([before, after], axis) => before + input.shape[axis]! + after);
      return unpadded(
        run(call, op, windows, [tensor(shape, [shape.length], 'int32'), mul(dy!, share(windows))]),
        input,
        windows,
      );
    });
  }
  registerArgmax();
}

/** Takes over the calls of a kernel whose padding is neither `valid` nor `same`. */
function pool(
  name: string,
  threeD: boolean,
  input: string,
  work: (call: KernelCall, x: Tensor, windows: Windows) => Tensor,
): void {
  const previous = setKernel(name, (call) => {
    const x = call.inputs[input] as Tensor;
    const {
      filterSize,
      strides,
      pad: padding,
      dimRoundingMode,
    } = call.attrs as { filterSize: number; strides: number; pad: number; dimRoundingMode?: 'floor' };
    const info = threeD
      ? backend_util.computePool3DInfo(x.shape as never, filterSize, strides, 1, padding, dimRoundingMode)
      : backend_util.computePool2DInfo(x.shape as never, filterSize, strides, 1, padding, dimRoundingMode);
    const { padInfo, outShape } = info;
    const empty = outShape.some((size) => size <= 0);
    if ((padInfo.type === 'VALID' || padInfo.type === 'SAME') && !empty) return (previous as KernelFunc)(call as never);
    const axis = (size: number, window: number, stride: number, before: number, output: number) => ({
      size,
      window,
      stride,
      before,
      output,
    });
    const spatial = [
      axis(info.inHeight, info.filterHeight, info.strideHeight, padInfo.top, info.outHeight),
      axis(info.inWidth, info.filterWidth, info.strideWidth, padInfo.left, info.outWidth),
    ];
    if ('inDepth' in info)
      spatial.unshift(
        axis(info.inDepth, info.filterDepth, info.strideDepth, (padInfo as { front: number }).front, info.outDepth),
      );
    return tidy(() => work(call, x, { op: name, spatial }));
  });
}

function run({ backend }: KernelCall, op: string, { spatial }: Windows, inputs: TensorInfo[]): Tensor {
  return backend.executeSingleOutput(
    op,
    [
      attribute.type('T', inputs.at(-1)!.dtype),
      attribute.ints('ksize', [1, ...spatial.map(({ window }) => window), 1]),
      attribute.ints('strides', [1, ...spatial.map(({ stride }) => stride), 1]),
      attribute.string('padding', 'VALID'),
      attribute.string('data_format', spatial.length === 3 ? 'NDHWC' : 'NHWC'),
    ],
    inputs,
  );
}

/** As much behind as the last window reaches, which depends on how the output's size was rounded. */
function paddings({ spatial }: Windows): [number, number][] {
  const reach = spatial.map(({ size, window, stride, before, output }): [number, number] => [
    before,
    Math.max((output - 1) * stride + window - size - before, 0),
  ]);
  return [[0, 0], ...reach, [0, 0]];
}

function padded(x: Tensor, windows: Windows, value: number): Tensor {
  return pad(x, paddings(windows), value);
}

function unpadded(x: Tensor, input: Tensor, windows: Windows): Tensor {
  return slice(
    x,
    paddings(windows).map(([before]) => before),
    input.shape,
  );
}

function outputShape(x: TensorInfo, { spatial }: Windows): number[] {
  return [x.shape[0]!, ...spatial.map(({ output }) => Math.max(output, 0)), x.shape.at(-1)!];
}

function lowest({ dtype }: TensorInfo): number {
  return dtype === 'int32' ? -(2 ** 31) : -Infinity;
}

/** The window's size over the number of its cells that are not padding, for each place of the output; 0 where all are. */
function share({ spatial }: Windows): Tensor {
  const counts = spatial.map(({ size, window, stride, before, output }) =>
    Array.from({ length: output }, (_, i) => {
      const start = i * stride - before;
      return Math.max(Math.min(start + window, size) - Math.max(start, 0), 0);
    }),
  );
  const cells = spatial.reduce((product, { window }) => product * window, 1);
  const shares = counts.reduce(
    (products, axis) => products.flatMap((product) => axis.map((count) => product * count)),
    [1],
  );
  return tensor(
    Float32Array.from(shares, (count) => (count > 0 ? cells / count : 0)),
    [1, ...spatial.map(({ output }) => output), 1],
  );
}

function registerArgmax(): void {
  setKernel('MaxPoolWithArgmax', ({ inputs, attrs, backend }) => {
    const x = inputs.x!;
    const {
      filterSize,
      strides,
      pad: padding,
      includeBatchInIndex,
    } = attrs as { filterSize: number; strides: number; pad: 'valid'; includeBatchInIndex: boolean };
    const info = backend_util.computePool2DInfo(
      x.shape as [number, number, number, number],
      filterSize,
      strides,
      1,
      padding,
    );
    const attributes = [
      attribute.type('T', x.dtype),
      attribute.type('Targmax', 'int32'),
      attribute.ints('ksize', [1, info.filterHeight, info.filterWidth, 1]),
      attribute.ints('strides', [1, info.strideHeight, info.strideWidth, 1]),
      attribute.string('padding', info.padInfo.type),
      attribute.bool('include_batch_in_index', includeBatchInIndex),
    ];
    return tidy(() => {
      // A maximum that is not a number is none: TensorFlow.js passes over it.
      const numbers = x.dtype === 'float32' ? where(isNaN(x as Tensor), scalar(-Infinity), x as Tensor) : x;
      return backend.executeMultipleOutputs('MaxPoolWithArgmax', attributes, [numbers], 2);
    });
  });
}
