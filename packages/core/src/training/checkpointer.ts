import type { Sample } from '../domains/target-domain.ts';
import { readValues } from '../network/variable-values.ts';
import { HEAD } from '../network/head.ts';
import type { BestWeights } from './best-weights.ts';
import { prefixed, writeCheckpoint } from './checkpoint.ts';
import type { PhaseRun } from './phase-run.ts';
import type { Run } from './run.ts';

/** Seconds between checkpoints within an epoch, and at least between those at epochs' ends. */
const WITHIN_EPOCH = 30;
const AT_EPOCH_END = 5;

/** Decides when to write a checkpoint, and gathers what belongs into it. */
export class Checkpointer<S extends Sample> {
  #last = performance.now();
  #steps = 0;

  constructor(
    private readonly run: Run<S>,
    private readonly training?: PhaseRun<S>,
    private readonly best?: BestWeights,
  ) {}

  async afterStep(): Promise<void> {
    this.#steps += 1;
    const every = this.run.transfer.checkpointEvery;
    if (every === undefined ? this.#elapsed() >= WITHIN_EPOCH : this.#steps % every === 0) await this.write();
  }

  async afterEpoch(): Promise<void> {
    if (this.#elapsed() >= AT_EPOCH_END) await this.write();
  }

  async write(): Promise<void> {
    const { transfer, model, state, events } = this.run;
    const touched = this.#touchedStages();
    const tensors = new Map([
      ...prefixed('model/', await readValues(model.state((stage) => touched.has(stage)))),
      ...((await this.training?.state()) ?? []),
      ...prefixed('best/', this.best?.values ?? []),
    ]);
    const path = await writeCheckpoint(transfer.directory, { state, tensors });
    this.#last = performance.now();
    await events.emit('checkpoint', { path, step: state.step });
  }

  #elapsed(): number {
    return (performance.now() - this.#last) / 1000;
  }

  /** Stages that this or an earlier phase trained; the others are as the source or the seed has them. */
  #touchedStages(): Set<string> {
    const phases = this.run.phases.slice(0, this.run.state.phase + 1);
    return new Set([HEAD, ...phases.flatMap(({ trainable }) => Object.keys(trainable))]);
  }
}
