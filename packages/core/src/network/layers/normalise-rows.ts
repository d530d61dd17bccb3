import { add, customGrad, mean, mul, rsqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Each row less its mean, over its standard deviation: `(x - mean) / sqrt(variance + epsilon)` over the last
 * axis, the variance divided by n. With the result y and r = 1 / sqrt(variance + epsilon), the
 * gradient is `r (dy - mean(dy) - y mean(dy y))` (Ba et al., 2016, "Layer normalization").
 */
export function normaliseRows(x: Tensor, epsilon: number): Tensor {
  const normalise = customGrad((...args) => {
    const [x, save] = args as unknown as [Tensor, (tensors: Tensor[]) => void];
    const centred = sub(x, mean(x, -1, true));
    const inverse = rsqrt(add(mean(square(centred), -1, true), epsilon));
    const value = mul(centred, inverse);
    save([value, inverse]);
    return { value, gradFunc: (dy: Tensor, saved: Tensor[]) => gradient(dy, saved[0]!, saved[1]!) };
  });
  return normalise(x);
}

function gradient(dy: Tensor, y: Tensor, inverse: Tensor): Tensor {
  const along = mean(mul(dy, y), -1, true);
  return mul(sub(sub(dy, mean(dy, -1, true)), mul(y, along)), inverse);
}
