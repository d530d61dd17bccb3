// What libtensorflow needs of tfjs-node: without its entry point, which looks for its native addon and throws. To
// import this file registers the kernels with tfjs-core, for the backend `tensorflow`. The published file holds the
// JavaScript itself: see tools/workspace/vendored.ts.
import { NodeJSKernelBackend as Stock } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import '@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js';
import type { Binding } from '../libtensorflow/binding.ts';
import type { NodeKernelBackend } from '../tfjs-node/kernel-backend.ts';

/** tfjs-node's backend class over a binding of ours. */
export const NodeJSKernelBackend = Stock as unknown as new (binding: Binding, packageName: string) => NodeKernelBackend;
