import { registerActivationGradients } from './activation-gradients.ts';
import { registerBatchNorm } from './batch-norm.ts';
import { registerBiasGradient } from './bias-gradient.ts';
import { registerCorrections } from './corrections.ts';
import { registerMatMul } from './mat-mul.ts';
import { registerResizeGradients } from './resize-gradients.ts';
import { registerStatelessUniform } from './stateless-uniform.ts';
import { registerStep } from './step.ts';

/**
 * Replaces, for the `tensorflow` backend, what tfjs-node computes wrongly or in many calls where
 * TensorFlow has one op. Call once, after tfjs-node's kernels are registered.
 */
export function registerOurKernels(): void {
  registerActivationGradients();
  registerBatchNorm();
  registerBiasGradient();
  registerCorrections();
  registerMatMul();
  registerResizeGradients();
  registerStatelessUniform();
  registerStep();
}
