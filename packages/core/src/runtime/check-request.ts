import { z } from 'zod';
import { HeadstartError } from '@headstart/artifacts/errors';
import { PRECISIONS } from '../ports/precision.ts';
import type { TransferRequest } from '../runs/request.ts';

const positive = z.number().positive();
const count = z.number().int().min(1);

/** The bounds of a request's numbers. */
const schema = z.object({
  target: z.string().min(1),
  adapt: z.string().min(1).optional(),
  epochs: count.optional(),
  batchSize: count.optional(),
  seed: z.number().int().min(0).optional(),
  shots: count.optional(),
  learningRate: z.union([positive, z.literal('auto')]).optional(),
  weightDecay: z.number().min(0).optional(),
  labelSmoothing: z.number().min(0).lt(1).optional(),
  ema: z.number().min(0).lt(1).optional(),
  precision: z.enum(PRECISIONS).optional(),
  patience: count.optional(),
  views: count.optional(),
  checkpointEvery: count.optional(),
  keepClasses: z.boolean().optional(),
  standalone: z.boolean().optional(),
  split: z.array(z.number().min(0)).length(3).optional(),
});

/** @throws HeadstartError `invalid-option` naming the option and its bounds */
export function checkRequest(request: TransferRequest): void {
  const parsed = schema.safeParse(request);
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  const name = issue!.path.join('.');
  const received: unknown = issue!.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    request,
  );
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The option "${name}" cannot be ${JSON.stringify(received)}: ${issue!.message}.`,
    hint: 'Correct the option; "headstart train --help" lists them.',
    cause: parsed.error,
  });
}
