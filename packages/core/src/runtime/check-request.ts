import type { z } from 'zod';
import { HeadstartError, shown } from '@headstart/artifacts/errors';
import { requestSchema, type TransferRequest } from '../runs/request.ts';

/** @throws HeadstartError `invalid-option` naming the option and its bounds */
export function checkRequest(request: TransferRequest): void {
  const parsed = requestSchema.safeParse(request);
  if (parsed.success) return;
  const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
  const name = String(path[0]);
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The option "${name}" cannot be ${shown(request[name as keyof TransferRequest])}: it must be ${message}.`,
    hint: 'Correct the option; "headstart train --help" lists them.',
    cause: parsed.error,
  });
}
