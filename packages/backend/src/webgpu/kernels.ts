import { registerBroadcastGradients } from '../kernels/broadcast-gradients.ts';
import { registerBincounts } from './bincounts.ts';
import { registerNanKept } from './nan-kept.ts';
import { registerPoolGradients } from './pool-gradients.ts';
import { registerProducts } from './products.ts';
import { registerResizeGradients } from './resize-gradients.ts';
import { registerScans } from './scans.ts';
import { registerSegmentSum } from './segment-sum.ts';
import { registerSums } from './sums.ts';
import { registerTransposes } from './transposes.ts';

let registered = false;

/** Puts right what TensorFlow.js's WebGPU kernels and its gradients lack. Call after those are registered. */
export function registerWebGpuKernels(): void {
  if (registered) return;
  registered = true;
  registerBincounts();
  registerBroadcastGradients();
  registerNanKept();
  registerPoolGradients();
  registerProducts();
  registerResizeGradients();
  registerScans();
  registerSegmentSum();
  registerSums();
  registerTransposes();
}
