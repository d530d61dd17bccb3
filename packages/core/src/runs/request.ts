import { z } from 'zod';
import type { EpochChoice } from './events.ts';
import type { Calibration, Decision } from './answering.ts';
import type { UnlabelledReading } from './reading-report.ts';
import type { PhaseSelection } from './selection.ts';
import { transferOptions, type TransferOption, type TransferOptions } from '../options/transfer-options.ts';

/** One transfer as its user asked for it: source × target × task × strategy × seed. */
export interface TransferRequest extends TransferOptions {
  /** A path, or the id of a registered data set. */
  target: string;
}

/** The bounds of a request; the message of what is out of them completes "it must be …". */
export const requestSchema = z.strictObject({
  target: z.string({ error: 'text' }).min(1, { error: 'a path or the name of a data set' }),
  ...Object.fromEntries(
    Object.entries<TransferOption>(transferOptions).map(([name, { kind }]) => [
      name,
      z.custom((value) => kind.accepts(value), { error: kind.must }).optional(),
    ]),
  ),
});

/** What a run came to: the choices that were made, its metrics, and the folder of the model. */
export interface TransferResult {
  runId: string;
  task: string;
  source: string;
  target: string;
  strategy: string;
  seed: number;
  backend: string;
  device: string;
  /** By split, then by metric name. */
  metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The same way, the ends of each metric's 95 % confidence interval, where it has one. */
  intervals: Readonly<Record<string, Readonly<Record<string, readonly [low: number, high: number]>>>>;
  /** Of a resumed run: the parts with what came before the interruption, and the total with those parts. */
  seconds: { total: number; features: number; training: number; evaluation: number };
  samples: Readonly<Record<string, number>>;
  /** Of a run with unlabelled samples: whether those of the test split stayed out of them (inductive) or some are among them. */
  setting?: 'inductive' | 'transductive';
  /** How the samples to adapt to were read, where there are some. */
  unlabelled?: UnlabelledReading;
  /** Which epoch each phase kept, and why. */
  chosen: readonly EpochChoice[];
  /** What other ways to choose an epoch would have kept, of phases that adapt to unlabelled samples. */
  selection?: readonly PhaseSelection[];
  skipped: readonly { id: string; reason: string }[];
  /** The temperature that became part of the model, where one was fitted. */
  calibration?: Calibration;
  /** How the model's probabilities become answers, where a rule was stored with it. */
  decision?: Decision;
  /** The model's folder. */
  model: string;
}
