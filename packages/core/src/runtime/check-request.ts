import type { z } from 'zod';
import { HeadstartError, shown } from '@headstart/artifacts/errors';
import { unknownOption } from './check-options.ts';
import { checkGroupPattern } from '../domains/group-pattern.ts';
import { requestSchema, type TransferRequest } from '../runs/request.ts';

/** @throws HeadstartError `invalid-option` naming the option and its bounds, or the nearest of the options for one that is none */
export function checkRequest(request: TransferRequest): void {
  const parsed = requestSchema.safeParse(request);
  if (parsed.success) return checkGroups(request);
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

/** @throws HeadstartError `invalid-option` for groups that are told twice, or by what is no pattern of one */
function checkGroups({ groupColumn, groupBy }: TransferRequest): void {
  if (groupBy === undefined) return;
  checkGroupPattern(groupBy);
  if (groupColumn === undefined) return;
  throw new HeadstartError({
    code: 'invalid-option',
    message: 'The options "groupColumn" and "groupBy" both say what samples are parts of.',
    hint: 'Give --group-column for a column of a table, or --group-by for a pattern of names.',
  });
}
