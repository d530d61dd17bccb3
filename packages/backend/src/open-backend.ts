import { HeadstartError, type Backend } from '@headstart/core';
import { BACKEND_NAMES, resolveOptions, settingsKey, type BackendOptions } from './choice/options.ts';
import { activate } from './choice/registered-backend.ts';
import { tryEngine } from './choice/engines.ts';

/** The backend of this process and the settings it was opened with. */
let current: { key: string; backend: Promise<Backend> } | undefined;

/**
 * Opens the tensor engine of this process: libtensorflow on a GPU, libtensorflow on the CPU, an
 * installed `@tensorflow/tfjs-node(-gpu)`, wasm, plain JavaScript; the first that works, or the
 * preferred one alone. `reason` of the result says what was passed over and why.
 *
 * A process has one backend: opening again with the same settings returns the same one.
 *
 * @throws HeadstartError `backend-unavailable` when none works, or when one is open with other settings
 */
export async function openBackend(options: BackendOptions = {}): Promise<Backend> {
  const resolved = resolveOptions(options);
  const key = settingsKey(resolved);
  if (current && current.key !== key) {
    throw new HeadstartError({
      code: 'backend-unavailable',
      message: `A backend is open in this process with other settings: ${current.key} (asked for now: ${key}).`,
      hint: 'Close it first, or open it with the same settings: a process has one backend.',
    });
  }
  if (!current) {
    const opened = { key, backend: choose(resolved) };
    current = opened;
    opened.backend.catch(() => {
      if (current === opened) current = undefined;
    });
  }
  return current.backend;
}

async function choose(options: ReturnType<typeof resolveOptions>): Promise<Backend> {
  const names = options.prefer === 'auto' ? BACKEND_NAMES : [options.prefer];
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
