import { HeadstartError } from '@headstart/artifacts/errors';

/** How long is trained, and in which batches, where a request does not say. */
export interface UsualTraining {
  /** Passes over the training samples; the least of them, where `steps` asks for more. */
  readonly epochs: number;
  /** Samples per step. */
  readonly batchSize: number;
  /** Steps of the optimiser that it takes at least to learn: few samples are passed over more often. */
  readonly steps?: number;
  /** The most epochs that `steps` may make; as many as it takes where absent. */
  readonly mostEpochs?: number;
}

/** What is asked for of the length of training. */
export interface AskedLength {
  readonly epochs?: number;
  /** In place of epochs: as many of them as make at least so many steps. */
  readonly steps?: number;
  readonly batchSize?: number;
}

/** How long is trained, and what that follows from: `why` completes "12 epochs: …". */
export interface TrainingLength {
  readonly epochs: number;
  readonly batchSize: number;
  readonly why: { readonly epochs: string; readonly batchSize: string };
}

/** Epochs that make at least so many steps. */
export function epochsOf(steps: number, stepsPerEpoch: number): number {
  return Math.max(1, Math.ceil(steps / stepsPerEpoch));
}

/**
 * Epochs and samples per step. What is asked for comes first; then as many epochs as are usual, or as it takes to make
 * the steps that are usual.
 * @param samples to train on
 * @param origin whose usual training it is: completes "default for …"
 * @throws HeadstartError `invalid-option` where both epochs and steps are asked for
 */
export function settleLength(
  asked: AskedLength,
  usual: UsualTraining,
  samples: number,
  origin: string,
): TrainingLength {
  const { batchSize = usual.batchSize } = asked;
  const perEpoch = Math.ceil(samples / batchSize);
  const whyBatch = asked.batchSize === undefined ? `default for ${origin}` : 'asked for';
  const settled = (epochs: number, why: string): TrainingLength => {
    return { epochs, batchSize, why: { epochs: why, batchSize: whyBatch } };
  };
  const counted = `${samples} ${samples === 1 ? 'sample' : 'samples'} in batches of ${batchSize}`;
  if (asked.epochs !== undefined && asked.steps !== undefined) throw twice(asked.epochs, asked.steps);
  if (asked.epochs !== undefined) return settled(asked.epochs, 'asked for');
  if (asked.steps !== undefined)
    return settled(epochsOf(asked.steps, perEpoch), `${asked.steps} steps asked for, of ${counted}`);
  const { epochs, steps, mostEpochs = Infinity } = usual;
  const grown = steps === undefined ? epochs : Math.min(mostEpochs, epochsOf(steps, perEpoch));
  if (grown <= epochs) return settled(epochs, `default for ${origin}`);
  return settled(
    grown,
    `default for ${origin}: ${grown * perEpoch} steps of ${counted}, of which ${epochs} epochs make too few`,
  );
}

function twice(epochs: number, steps: number): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `Both ${epochs} epochs and ${steps} steps are asked for, which is the same thing said twice.`,
    hint: 'Give --epochs or --steps, not both.',
  });
}
