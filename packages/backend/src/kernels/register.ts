import { registerActivationGradients } from './activation-gradients.ts';
import { registerBatchNorm } from './batch-norm.ts';
import { registerBiasGradient } from './bias-gradient.ts';
import { registerBroadcastGradients } from './broadcast-gradients.ts';
import { registerConvolutions } from './convolutions.ts';
import { registerCorrections } from './corrections.ts';
import { registerDepthwiseGradient } from './depthwise-gradient.ts';
import { registerGather } from './gather.ts';
import { registerImageTransform } from './image-transform.ts';
import { registerIntegerOps } from './integer-ops.ts';
import { registerMatMul } from './mat-mul.ts';
import { registerMissingTypes } from './missing-types.ts';
import { registerPools } from './pools.ts';
import { registerRagged } from './ragged.ts';
import { registerResizeGradients } from './resize-gradients.ts';
import { registerSparse } from './sparse.ts';
import { registerStatelessUniform } from './stateless-uniform.ts';
import { registerStep } from './step.ts';
import { registerStrings } from './strings.ts';

/**
 * Adds, for the `tensorflow` backend, what TensorFlow has and tfjs-node does not offer, and replaces
 * what tfjs-node computes wrongly or in many calls where TensorFlow has one op. Call once, after
 * tfjs-node's kernels are registered.
 */
export function registerOurKernels(): void {
  registerActivationGradients();
  registerBatchNorm();
  registerBiasGradient();
  registerBroadcastGradients();
  registerConvolutions();
  registerCorrections();
  registerDepthwiseGradient();
  registerGather();
  registerImageTransform();
  registerIntegerOps();
  registerMatMul();
  registerPools();
  registerRagged();
  registerResizeGradients();
  registerSparse();
  registerStatelessUniform();
  registerStep();
  registerStrings();
  // Last: it puts itself before whichever kernel is there.
  registerMissingTypes();
}
