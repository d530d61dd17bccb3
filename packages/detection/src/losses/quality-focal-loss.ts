import { binaryCrossEntropy } from '@headstart/core/network';
import { add, customGrad, mul, sigmoid, square, sub, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Quality focal loss of each element, in nats (Li et al., 2020, "Generalized focal loss", eq. 5 with β = 2):
 * `-(y - σ)² ((1 - y) log(1 - σ) + y log σ)`, σ the sigmoid of the logit and y in [0, 1] the quality that it
 * is to predict: the overlap of the predicted box with the object, 0 where there is none. With H what stands
 * in brackets, the gradient with respect to the logit is `(σ - y) ((σ - y)² - 2 σ (1 - σ) H)`; there is none with
 * respect to the quality.
 */
export function qualityFocalLoss(logits: Tensor, qualities: Tensor): Tensor {
  const loss = customGrad((...args) => {
    const [z, save] = args as unknown as [Tensor, (tensors: Tensor[]) => void];
    const score = sigmoid(z);
    const off = sub(score, qualities);
    const entropy = binaryCrossEntropy(z, qualities);
    save([score, off, entropy]);
    const gradFunc = (dy: Tensor, saved: Tensor[]) => {
      const [score, off, entropy] = saved as [Tensor, Tensor, Tensor];
      const slope = mul(mul(score, sub(2, mul(score, 2))), entropy);
      return mul(dy, mul(off, add(square(off), slope)));
    };
    return { value: mul(square(off), entropy), gradFunc };
  });
  return loss(logits);
}
