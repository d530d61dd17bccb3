import { createRequire } from 'node:module';
import { HeadstartError } from '@headstart/core';
import { version_core } from '@tensorflow/tfjs-core';
import { enginePackage } from '../engines/engine-package.ts';

/** Dawn, WebGPU for Node, in the release that this engine is tested with. */
const DAWN = 'webgpu';
const DAWN_VERSION = '0.6.2';
const KERNELS = '@tensorflow/tfjs-backend-webgpu';
const INSTALL = `${DAWN}@${DAWN_VERSION} ${KERNELS}@${version_core}`;

/** Whether both packages are there, told without loading them. */
export function webGpuIsInstalled(): boolean {
  const { resolve } = createRequire(import.meta.url);
  try {
    return [DAWN, KERNELS].every((name) => resolve(name) !== '');
  } catch {
    return false;
  }
}

/** The kernels of TensorFlow.js. They are registered with tfjs-core when they are loaded; the backend is not, without a browser. */
export function loadWebGpuKernels() {
  return enginePackage(KERNELS, () => import('@tensorflow/tfjs-backend-webgpu'), INSTALL);
}

/** Dawn itself, a native library. @throws HeadstartError `backend-unavailable` where it is missing or does not load */
export function loadDawn() {
  return enginePackage(
    DAWN,
    async () => {
      try {
        return await import('webgpu');
      } catch (cause) {
        const { code, message } = cause as NodeJS.ErrnoException;
        if (code !== 'ERR_DLOPEN_FAILED' && !message.includes('dawn.node')) throw cause;
        throw new HeadstartError({
          code: 'backend-unavailable',
          message: `The package ${DAWN} does not load on ${process.platform}-${process.arch}: ${message.split('\n', 1)[0]!}`,
          hint: 'It has builds for Linux (glibc), macOS and Windows on x64 and arm64; elsewhere choose another backend.',
          cause,
        });
      }
    },
    INSTALL,
  );
}
