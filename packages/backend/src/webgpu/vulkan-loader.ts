import { existsSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { HeadstartError } from '@headstart/core';
import koffi from 'koffi';

const LOADER = 'libvulkan.so.1';

/**
 * Sees to it that Dawn finds a Vulkan loader on Linux: the system's, or the one that lies beside the driver file that
 * VK_DRIVER_FILES names (a browser brings both). Elsewhere Metal and Direct3D come with the system.
 *
 * @throws HeadstartError `backend-unavailable` where there is none
 */
export function loadVulkan(env: NodeJS.ProcessEnv = process.env): void {
  if (process.platform !== 'linux') return;
  const beside = driverFiles(env)
    .map((file) => join(dirname(file), LOADER))
    .filter((file) => existsSync(file));
  let cause: unknown;
  for (const library of [LOADER, ...beside]) {
    try {
      // Dawn opens it by its name, and is given the one that is loaded already.
      koffi.load(library);
      return;
    } catch (failure) {
      cause ??= failure;
    }
  }
  throw new HeadstartError({
    code: 'backend-unavailable',
    message: `WebGPU needs a Vulkan loader on Linux, and there is none (${LOADER}).`,
    hint: "Install your system's Vulkan loader and the driver of your GPU (Debian and Ubuntu: libvulkan1 and mesa-vulkan-drivers, or NVIDIA's own driver), or choose another backend.",
    cause,
  });
}

/** The driver files that are named in place of the installed ones. */
export function driverFiles(env: NodeJS.ProcessEnv): string[] {
  return (env.VK_DRIVER_FILES || env.VK_ICD_FILENAMES || '').split(delimiter).filter((file) => file !== '');
}

/**
 * Whether the machine may have a GPU that WebGPU could use, told without loading anything: on Linux each has a device
 * file (`/dev/dri/renderD*`, NVIDIA's own, or Windows' under WSL). True elsewhere.
 */
export function mayHaveGpu(devices = '/dev', platform: NodeJS.Platform = process.platform): boolean {
  if (platform !== 'linux') return true;
  if (existsSync(join(devices, 'dxg')) || existsSync(join(devices, 'nvidiactl'))) return true;
  try {
    return readdirSync(join(devices, 'dri')).some((name) => name.startsWith('renderD'));
  } catch {
    return false;
  }
}
