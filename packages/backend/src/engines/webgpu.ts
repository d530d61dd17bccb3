import type { ResolvedOptions } from '../choice/options.ts';
import { openWebGpu } from '../webgpu/open.ts';
import type { TriedEngine } from './try-engine.ts';

/** WebGPU: any GPU with Vulkan, Metal or Direct3D 12, by Dawn under TensorFlow.js's WebGPU kernels. */
export async function openWebGpuHere(options: ResolvedOptions): Promise<TriedEngine> {
  const engine = await openWebGpu(options);
  const software = engine.device === 'cpu' ? ', software that computes on the processor, slowly' : '';
  return { engine, why: `WebGPU on ${engine.details.adapter}${software}` };
}
