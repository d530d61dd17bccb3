import { HeadstartError } from '@headstart/core';
import type { CApi, Pointer } from './c-api.ts';

const RESOURCE_EXHAUSTED = 8;

/** One reusable `TF_Status`; `check` turns a failure into an error that names the work. */
export interface Status {
  readonly pointer: Pointer;
  /** @throws HeadstartError `backend-failed` when the last call that got this status failed */
  check(work: string): void;
}

export function createStatus(api: CApi): Status {
  const pointer = api.TF_NewStatus();
  return {
    pointer,
    check(work) {
      const code = api.TF_GetCode(pointer);
      if (code === 0) return;
      const message = api.TF_Message(pointer);
      api.TF_SetStatus(pointer, 0, '');
      throw statusError(work, code, message);
    },
  };
}

/** The error for a TensorFlow status (codes of google.rpc.Code). */
export function statusError(work: string, code: number, message: string): HeadstartError {
  const what = firstLines(message);
  if (code === RESOURCE_EXHAUSTED) {
    return new HeadstartError({
      code: 'backend-failed',
      message: `Out of memory in ${work}: ${what}`,
      hint: 'Use a smaller batch or smaller images, train fewer stages, or raise the memory limit of the backend.',
    });
  }
  return new HeadstartError({
    code: 'backend-failed',
    message: `TensorFlow failed in ${work} (status ${code}): ${what}`,
    hint: 'Check the shapes and types of the tensors that reach this op; `headstart backend doctor` checks the library itself.',
  });
}

/** TensorFlow appends node listings that help nobody here. */
function firstLines(message: string): string {
  return message.split('\n').slice(0, 3).join(' ').trim();
}
