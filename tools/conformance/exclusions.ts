/** A test of TensorFlow.js core, or several, that may fail here. */
export interface Exclusion {
  /** Its full name, without the environment's part, or what the names have in common. */
  readonly test: string | RegExp;
  readonly reason: string;
}

const IDENTITY =
  'The test expects the input back: the kernels of plain JavaScript take a pool of 1 x 1 for the identity wherever input and output have one shape, also with stride 2 and padding 1, where all but the last window lie in the padding.';

const AVERAGE_OVER_PADDING: Exclusion = {
  test: 'avgPool gradient x=[3,3,1] f=[3,3] s=1 p=explicit',
  reason:
    'The test expects the gradient shared among all cells of a window, although the forward pass divides by those alone that are not padding. Ours is the derivative of the forward pass (tests/gradients.test.ts).',
};

/** Every test of the suite that does not hold on libtensorflow, and why. One that holds again must go. */
export const ON_LIBTENSORFLOW: readonly Exclusion[] = [
  AVERAGE_OVER_PADDING,
  {
    test: 'conv2dTranspose input=8x8x8,output=4x4x8,f=8,s=1,inDepth=8,p=same vec4',
    reason:
      'A convolution of 4 x 4 with stride 1 and same padding gives 4 x 4, and the test passes 8 x 8 for it; TensorFlow refuses sizes that do not go together.',
  },
  {
    test: 'einsum 2d matrix calculate trace: duplicate axes not implemented yet',
    reason:
      'The test expects an error for what TensorFlow.js has not implemented; TensorFlow has, and gives the trace.',
  },
  { test: 'pool max x=[2,2,3] f=[1,1] s=2 p=1 fractional outputs default rounding', reason: IDENTITY },
  { test: 'pool avg x=[2,2,3] f=[1,1] s=2 p=1 fractional outputs default rounding', reason: IDENTITY },
  {
    test: 'unique 1d tensor with NaN and Infinity',
    reason: 'NaN is not equal to NaN: TensorFlow counts each as a value of its own, TensorFlow.js all as one.',
  },
];

/** The same for WebGPU, on a software adapter. */
export const ON_WEBGPU: readonly Exclusion[] = [
  AVERAGE_OVER_PADDING,
  {
    test: /^(raggedGather|raggedRange|raggedTensorToTensor|sparseFillEmptyRows|sparseReshape|unique) /,
    reason:
      'TensorFlow.js has no such kernel for WebGPU: how large the result is hangs on values, which a GPU gives later. The op ends with an error that names the kernel.',
  },
  {
    test: /^(staticRegexReplace|stringSplit|stringToHashBucketFast) /,
    reason: 'TensorFlow.js has no kernels for strings on WebGPU. The op ends with an error that names the kernel.',
  },
  {
    test: /^(bitwiseAnd|nonMaxSuppression(WithScore|Padded)?) /i,
    reason: 'TensorFlow.js has no such kernel for WebGPU. The op ends with an error that names the kernel.',
  },
  {
    test: /^(gather throws|sparseSegment(Mean|Sum) (throw|indices invalid|segments invalid))/,
    reason:
      'The test expects an error for an index outside of the tensor. The indices are on the device: a GPU that waited for them would lose what it is for, and TensorFlow does not look on one either.',
  },
  {
    test: /^(cos|tan) (gradients?:?|numbers) /,
    reason:
      "Sine, cosine and tangent are the driver's own: Vulkan allows them an error of 2^-11 between -pi and pi, and none is promised beyond.",
  },
  {
    test: 'exp int32',
    reason: 'The test allows an error of 0.001 of 22,026.466; numbers in float32 are 0.002 apart there.',
  },
  {
    test: /^fromPixels, mock canvas /,
    reason: 'The test brings an element of a page in disguise; WebGPU takes real ones, and Node has none.',
  },
];
