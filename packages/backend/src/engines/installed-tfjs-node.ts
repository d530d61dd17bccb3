import { createRequire } from 'node:module';
import { join } from 'node:path';
import { HeadstartError } from '@headstart/core';
import * as tf from '@tensorflow/tfjs-core';
import type { ResolvedOptions } from '../choice/options.ts';
import { registerOurKernels } from '../kernels/register.ts';
import { restoreUtilHelpers, TENSORFLOW, type NodeKernelBackend } from '../tfjs-node/kernel-backend.ts';
import type { TriedEngine } from './try-engine.ts';

const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** `@tensorflow/tfjs-node(-gpu)` of the user's project, where its native addon is there and loads. */
export async function openInstalledTfjsNode({ device }: ResolvedOptions): Promise<TriedEngine> {
  restoreUtilHelpers();
  const require = createRequire(join(process.cwd(), 'package.json'));
  const failures: string[] = [];
  for (const name of device === 'cpu' ? PACKAGES.toReversed() : PACKAGES) {
    try {
      require(name);
    } catch (cause) {
      failures.push(`${name}: ${firstLine(cause)}`);
      continue;
    }
    const backend = tf.findBackend(TENSORFLOW) as NodeKernelBackend | null;
    if (!backend) {
      failures.push(`${name}: it brings a TensorFlow.js of its own instead of sharing ours (${tf.version_core})`);
      continue;
    }
    const onGpu = backend.binding.isUsingGpuDevice();
    if (device === 'gpu' && !onGpu) {
      failures.push(`${name}: it sees no GPU`);
      continue;
    }
    registerOurKernels();
    const details = { tensorflow: String(backend.binding.TF_Version), package: name };
    return {
      engine: { name: 'tfjs-node', device: onGpu ? 'gpu' : 'cpu', tfjsName: TENSORFLOW, details },
      why: `the installed ${name} on ${onGpu ? 'gpu' : 'cpu'}`,
    };
  }
  throw new HeadstartError({
    code: 'backend-unavailable',
    message: `No installed tfjs-node works: ${failures.join('; ')}.`,
    hint: 'Prefer libtensorflow (`headstart backend install`); it needs no native addon.',
  });
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n', 1)[0]!.trim();
}
