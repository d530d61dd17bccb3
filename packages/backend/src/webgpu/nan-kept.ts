import {
  Acosh,
  Asinh,
  Atanh,
  backend_util,
  Cosh,
  Elu,
  Exp,
  Expm1,
  Log,
  Relu6,
  Selu,
  Sigmoid,
  Sinh,
  Softmax,
  Softplus,
  util,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { runShader, setWebGpuKernel, type Shader } from './kernel.ts';

const { SELU_SCALE, SELU_SCALEALPHA } = backend_util;

/** What each function is of a number `a` that is one, in WGSL. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  [Acosh]: 'select(acosh(a), uniforms.NAN, a < 1.0)',
  [Asinh]: 'asinh(a)',
  [Atanh]: 'select(select(atanh(a), sign(a) * uniforms.INFINITY, abs(a) == 1.0), uniforms.NAN, abs(a) > 1.0)',
  [Cosh]: '(exp(a) + exp(-a)) / 2.0',
  [Elu]: 'select(exp(a) - 1.0, a, a >= 0.0)',
  [Exp]: 'exp(a)',
  [Expm1]: 'exp(a) - 1.0',
  [Log]:
    'select(select(select(log(a), -uniforms.INFINITY, a == 0.0), uniforms.INFINITY, isinf(a)), uniforms.NAN, a < 0.0)',
  [Relu6]: 'clamp(a, 0.0, 6.0)',
  [Selu]: `select(${SELU_SCALEALPHA} * (exp(a) - 1.0), ${SELU_SCALE} * a, a >= 0.0)`,
  [Sigmoid]: '1.0 / (1.0 + exp(-a))',
  [Sinh]: '(exp(a) - exp(-a)) / 2.0',
  // Beyond 14 the one and the exponential are all that float32 can tell of their sum.
  [Softplus]: 'select(select(log(exp(a) + 1.0), exp(a), a < -14.0), a, a > 14.0)',
};

/** Threads that share a row. */
const LANES = 64;

/** Softmax of rows, a workgroup a row. */
const SOFTMAX: Shader = {
  key: 'softmax',
  inputs: ['x'],
  uniforms: 'rows : i32, width : i32,',
  code: `
    var<workgroup> lanes : array<f32, ${LANES}>;
    fn larger(a : f32, b : f32) -> f32 {
      if (isnan(a) || isnan(b)) { return uniforms.NAN; }
      return max(a, b);
    }
    fn main(index : i32) {
      let row = index / ${LANES};
      let lane = i32(localId.x);
      let first = row * uniforms.width;
      let end = select(0, uniforms.width, row < uniforms.rows);
      var most = -3.402823e+38f;
      for (var i = lane; i < end; i += ${LANES}) { most = larger(most, x[first + i]); }
      lanes[lane] = most;
      workgroupBarrier();
      for (var half = ${LANES / 2}; half > 0; half /= 2) {
        if (lane < half) { lanes[lane] = larger(lanes[lane], lanes[lane + half]); }
        workgroupBarrier();
      }
      most = lanes[0];
      workgroupBarrier();
      var sum = 0.0;
      for (var i = lane; i < end; i += ${LANES}) { sum += exp(x[first + i] - most); }
      lanes[lane] = sum;
      workgroupBarrier();
      for (var half = ${LANES / 2}; half > 0; half /= 2) {
        if (lane < half) { lanes[lane] += lanes[lane + half]; }
        workgroupBarrier();
      }
      sum = select(lanes[0], uniforms.NAN, isnan(most) || isinf(most));
      for (var i = lane; i < end; i += ${LANES}) {
        result[first + i] = select(exp(x[first + i] - most) / sum, uniforms.NAN, isnan(sum));
      }
    }`,
};

/**
 * Functions that give NaN for NaN, so that a training which has diverged is seen to. WGSL leaves to the driver what
 * `exp`, `log` and `max` make of it, and some make a number.
 */
export function registerNanKept(): void {
  for (const [name, value] of Object.entries(FUNCTIONS)) {
    const shader: Shader = {
      key: `nan_kept_${name}`,
      inputs: ['x'],
      uniforms: 'count : i32,',
      code: `
        fn main(index : i32) {
          if (index < uniforms.count) {
            let a = x[index];
            result[index] = select(${value}, a, isnan(a));
          }
        }`,
    };
    setWebGpuKernel(name, ({ inputs, backend }, previous) => {
      const x = inputs['x']!;
      if (x.dtype !== 'float32') return previous();
      const threads = util.sizeFromShape(x.shape);
      return runShader(backend, shader, [x], { shape: x.shape, dtype: 'float32', threads, uniforms: [threads] });
    });
  }
  setWebGpuKernel(Softmax, ({ inputs, backend }) => {
    const logits = inputs['logits'] as TensorInfo;
    const width = logits.shape.at(-1)!;
    const rows = util.sizeFromShape(logits.shape) / Math.max(width, 1);
    return runShader(backend, SOFTMAX, [logits], {
      shape: logits.shape,
      dtype: logits.dtype,
      threads: rows * LANES,
      uniforms: [rows, width],
    });
  });
}
