import { existsSync } from 'node:fs';
import { HeadstartError } from '@headstart/core';
import type { ResolvedOptions } from '../choice/options.ts';
import { damagedLibrary, locateLibrary, type LocatedLibrary } from '../libtensorflow/locate.ts';
import { openLibtensorflow } from '../libtensorflow/open.ts';
import { installBackend } from '../provision/install.ts';
import type { TriedEngine } from './try-engine.ts';

/** libtensorflow on this machine, fetched first where it is missing and may be. */
export async function openLibtensorflowHere(options: ResolvedOptions): Promise<TriedEngine> {
  const located = locateLibrary(options.device) ?? (await install(options));
  const engine = await openLibtensorflow(located, options);
  const why = `libtensorflow ${engine.details.tensorflow} on ${engine.device}, from ${located.origin}`;
  if (engine.device === 'gpu') return { engine, why };
  const limit = options.memoryLimit === undefined ? '' : ' (the memory limit is for a GPU and has no effect here)';
  return { engine, why: `${why}${whyNoGpu(options, located)}${limit}` };
}

async function install({ device, install, artifacts, progress }: ResolvedOptions): Promise<LocatedLibrary> {
  const damage = damagedLibrary(device);
  if (!install) {
    throw new HeadstartError({
      code: 'backend-unavailable',
      message:
        damage === undefined
          ? 'libtensorflow is not installed on this machine, and fetching it is not allowed.'
          : `libtensorflow was damaged, and fetching it again is not allowed: ${damage}`,
      hint: 'Run `headstart backend install`, or set HEADSTART_LIBTENSORFLOW to a folder that holds it.',
    });
  }
  const { files } = await installBackend({ gpu: device === 'gpu', artifacts, progress });
  return { files, origin: 'the Python registry' };
}

/** What keeps a machine with an NVIDIA driver from using it. */
function whyNoGpu({ device }: ResolvedOptions, { files }: LocatedLibrary): string {
  if (device === 'cpu' || !existsSync('/proc/driver/nvidia/version')) return '';
  return files.main.includes('-cpu')
    ? ' (an NVIDIA driver is here: `headstart backend install --gpu` fetches the build that uses it)'
    : ' (an NVIDIA driver is here, but this library sees no GPU)';
}
