import { readRegular } from '@headstart/artifacts/storage';

import { join } from 'node:path';
import { z } from 'zod';
import { HeadstartError, nestedDeeper, storageError } from '@headstart/artifacts/errors';
import type { BenchConfig } from '../config/bench-config.ts';
import type { Coordinates } from '../records/bench-record.ts';
import { coordinatesSchema } from '../records/record-schema.ts';

export const BENCH_FILE = 'bench.json';

/** A configuration's options are a few levels deep; what is very deep cannot be written again. */
const DEEPEST = 100;

const metricSchema = z.strictObject({ name: z.string(), better: z.enum(['higher', 'lower']) });

/** What `bench.json` holds: what was to be run, and how results are to be read. The same on every machine. */
const benchFileSchema = z.strictObject({
  format: z.literal(1),
  name: z.string(),
  /** The configuration as it was given, without workers and budget, and from where its relative paths go: from this folder. */
  config: z
    .record(z.string(), z.unknown())
    .refine((config) => !nestedDeeper(config, DEEPEST), `it is nested more than ${DEEPEST} deep`),
  folder: z.string(),
  alpha: z.number().gt(0).lt(1),
  delta: z.number().min(0),
  baseline: z.string(),
  /** Names of strategies that start from random weights, and of those that are the probe. */
  scratch: z.array(z.string()),
  probe: z.array(z.string()),
  /** By task: the number that verdicts are about. */
  metrics: z.record(z.string(), metricSchema),
  /** In the order of results. */
  cells: z.array(z.strictObject({ id: z.string(), task: z.string(), coordinates: coordinatesSchema })),
  /** Cells that cannot be, by reason. */
  refused: z.array(
    z.strictObject({
      code: z.string(),
      message: z.string(),
      hint: z.string(),
      cells: z.array(coordinatesSchema),
    }),
  ),
});

export interface BenchFile extends Omit<z.infer<typeof benchFileSchema>, 'config' | 'cells' | 'refused'> {
  readonly config: BenchConfig;
  readonly cells: readonly { readonly id: string; readonly task: string; readonly coordinates: Coordinates }[];
  readonly refused: readonly {
    readonly code: string;
    readonly message: string;
    readonly hint: string;
    readonly cells: readonly Coordinates[];
  }[];
}

/** The one text of a benchmark's file. */
export function benchFileText(bench: BenchFile): string {
  return `${JSON.stringify(bench, undefined, 1)}\n`;
}

/** What a folder's benchmark is; undefined where there is none. @throws HeadstartError `record-invalid` */
export async function readBenchFile(dir: string): Promise<BenchFile | undefined> {
  const path = join(dir, BENCH_FILE);
  let text: string;
  try {
    text = (await readRegular(path)).toString('utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw storageError('read', path, cause);
  }
  try {
    return benchFileSchema.parse(JSON.parse(text)) as unknown as BenchFile;
  } catch (cause) {
    throw new HeadstartError({
      code: 'record-invalid',
      message: `${path} is not the file of a benchmark as it was written: ${problemOf(cause)}.`,
      hint: 'Remove it and run the benchmark again: records that are there are kept.',
      cause,
    });
  }
}

function problemOf(cause: unknown): string {
  if (!(cause instanceof z.ZodError)) return (cause as Error).message;
  const [issue] = cause.issues;
  return `${issue!.path.join('.')}: ${issue!.message}`;
}
