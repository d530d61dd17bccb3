import { HeadstartError } from '@headstart/artifacts/errors';
import type { Backend } from '@headstart/core/backend';

function unavailable(): never {
  throw new HeadstartError({
    code: 'backend-unavailable',
    message: 'No backend is open: this command only looks things up.',
    hint: 'This is a defect of the command: please report it.',
  });
}

/** Stands where a backend is required and none is needed: lists of what is registered. */
export const noBackend: Backend = {
  name: 'none',
  device: 'cpu',
  reason: 'nothing is computed',
  details: {},
  memory: unavailable,
  compile: unavailable,
  close: async () => {},
};
