import { add, customGrad, erf, exp, mul, square, tanh, type Tensor } from '@tensorflow/tfjs-core';

const HALF_ROOT = Math.SQRT1_2;
const DENSITY = 1 / Math.sqrt(2 * Math.PI);
const TANH_SCALE = Math.sqrt(2 / Math.PI);
const TANH_CUBE = 0.044715;

/**
 * The Gaussian error linear unit `x Φ(x)`, Φ the standard normal distribution (Hendrycks and Gimpel, 2016).
 * Its gradient `Φ(x) + x φ(x)` takes up Φ from the forward pass.
 */
export function gelu(x: Tensor): Tensor {
  const unit = customGrad((...args) => {
    const [x, save] = args as unknown as [Tensor, (tensors: Tensor[]) => void];
    const distribution = mul(add(erf(mul(x, HALF_ROOT)), 1), 0.5);
    save([x, distribution]);
    const gradFunc = (dy: Tensor, saved: Tensor[]) => {
      const [x, distribution] = saved as [Tensor, Tensor];
      const density = mul(exp(mul(square(x), -0.5)), DENSITY);
      return mul(dy, add(distribution, mul(x, density)));
    };
    return { value: mul(x, distribution), gradFunc };
  });
  return unit(x);
}

/** Its approximation `x / 2 (1 + tanh(sqrt(2/π) (x + 0.044715 x³)))`, which some checkpoints were trained with. */
export function geluTanh(x: Tensor): Tensor {
  const inner = mul(mul(x, add(mul(square(x), TANH_CUBE), 1)), TANH_SCALE);
  return mul(mul(x, 0.5), add(tanh(inner), 1));
}
