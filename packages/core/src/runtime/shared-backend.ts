import { HeadstartError } from '@headstart/artifacts/errors';
import type { Backend } from '../ports/backend.ts';
import type { Lifetime } from './lifetime.ts';

/** How many systems of this process compute on each backend. */
const users = new WeakMap<Backend, number>();

/**
 * Counts one more user of a backend.
 * @returns ends the use: the last one closes the backend
 */
export function shareBackend(backend: Backend): () => Promise<void> {
  users.set(backend, (users.get(backend) ?? 0) + 1);
  return async () => {
    const left = users.get(backend)! - 1;
    users.set(backend, left);
    if (left === 0) await backend.close();
  };
}

/** How long a backend may be used: until somebody closes it. */
export function openOf(backend: Backend): Pick<Lifetime, 'check' | 'use'> {
  const check = () => {
    if (!backend.closed) return;
    throw new HeadstartError({
      code: 'closed',
      message: `The backend ${backend.name} has been closed: nothing can be computed on it any more.`,
      hint: 'Open a backend, and create a Headstart on it.',
    });
  };
  return { check, use: (work) => work() };
}
