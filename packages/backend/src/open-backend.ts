import { HeadstartError } from '@headstart/core';
import type { Backend } from '@headstart/core/backend';
import { conflicts } from './choice/conflicts.ts';
import { resolveOptions, type BackendOptions, type ResolvedOptions } from './choice/options.ts';
import { orderOfChoice } from './choice/order.ts';
import { activate } from './choice/registered-backend.ts';
import { tryEngine } from './engines/try-engine.ts';

/** The backend of this process and the settings it was opened with. */
let current: { settings: ResolvedOptions; backend: Promise<Backend> } | undefined;

/**
 * Opens the tensor engine of this process: libtensorflow on CUDA, WebGPU on a GPU, libtensorflow on the
 * CPU, an installed `@tensorflow/tfjs-node(-gpu)`, wasm, plain JavaScript; the first that works, or the
 * preferred one alone. `reason` of the result says what was passed over and why.
 *
 * A process has one backend: opening again returns the same one, unless an option asks for
 * something else than it is.
 *
 * @throws HeadstartError `backend-unavailable` when none works, or when the open one is not what
 *   the options ask for
 */
export async function openBackend(options: BackendOptions = {}): Promise<Backend> {
  const settings = resolveOptions(options);
  if (!current) {
    const opening = { settings, backend: choose(settings) };
    current = opening;
    opening.backend.catch(() => {
      if (current === opening) current = undefined;
    });
    return opening.backend;
  }
  const backend = await current.backend;
  const differences = conflicts(options, settings.prefer, backend, current?.settings ?? settings);
  if (differences.length === 0) return backend;
  throw new HeadstartError({
    code: 'backend-unavailable',
    message: `This process has a backend already, and it differs from what is asked for: ${differences.join('; ')}.`,
    hint: 'Close it first, or ask for the same: a process has one backend.',
  });
}

async function choose(options: ResolvedOptions): Promise<Backend> {
  const names = options.prefer === 'auto' ? orderOfChoice(options.device) : [options.prefer];
  const passedOver: string[] = [];
  for (const name of names) {
    try {
      const { engine, why } = await tryEngine(name, options);
      const reason = [why, ...passedOver.map((line) => `passed over ${line}`)].join('; ');
      return await activate(engine, reason, () => {
        current = undefined;
      });
    } catch (cause) {
      if (names.length === 1) throw cause;
      passedOver.push(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  throw new HeadstartError({
    code: 'backend-unavailable',
    message: `No tensor engine works here. ${passedOver.join(' ')}`,
    hint: 'Run `headstart backend doctor` to see what each of them lacks.',
  });
}
