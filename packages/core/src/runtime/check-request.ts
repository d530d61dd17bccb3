import type { z } from 'zod';
import { HeadstartError, shown } from '@headstart/artifacts/errors';
import { unknownOption } from './check-options.ts';
import { requestSchema, type TransferRequest } from '../runs/request.ts';

/** @throws HeadstartError `invalid-option` naming the option and its bounds, or the nearest of the options for one that is none */
export function checkRequest(request: TransferRequest): void {
  const parsed = requestSchema.safeParse(request);
  if (parsed.success) return;
  const [issue] = parsed.error.issues as [z.core.$ZodIssue];
  if (issue.code === 'unrecognized_keys') throw unknownOption('A transfer', issue.keys[0]!, requestSchema.shape);
  const { path, message } = issue;
  const name = String(path[0]);
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The option "${name}" cannot be ${shown(request[name as keyof TransferRequest])}: it must be ${message}.`,
    hint: 'Correct the option; "headstart train --help" lists them.',
    cause: parsed.error,
  });
}
