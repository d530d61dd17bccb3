import { HeadstartError } from '@headstart/core';
import type { BackendName, ResolvedOptions } from '../choice/options.ts';
import type { RegisteredBackend } from '../choice/registered-backend.ts';
import { openInstalledTfjsNode } from './installed-tfjs-node.ts';
import { openLibtensorflowHere } from './libtensorflow.ts';
import { openPlain } from './plain.ts';
import { openWasm } from './wasm.ts';
import { openWebGpuHere } from './webgpu.ts';

/** An engine that is registered with tfjs-core, and why it is this one, in a clause. */
export interface TriedEngine {
  engine: RegisteredBackend;
  why: string;
}

/** Opens one engine. @throws HeadstartError saying why it cannot be used */
export async function tryEngine(name: BackendName, options: ResolvedOptions): Promise<TriedEngine> {
  if (options.device === 'gpu' && (name === 'wasm' || name === 'cpu')) {
    throw new HeadstartError({
      code: 'backend-unavailable',
      message: `${name} computes on the CPU, but a GPU was asked for.`,
      hint: 'Ask for device cpu or auto, or install the GPU build with `headstart backend install --gpu`.',
    });
  }
  switch (name) {
    case 'libtensorflow':
      return openLibtensorflowHere(options);
    case 'webgpu':
      return openWebGpuHere(options);
    case 'tfjs-node':
      return openInstalledTfjsNode(options);
    case 'wasm':
      return openWasm();
    case 'cpu':
      return openPlain();
  }
}
