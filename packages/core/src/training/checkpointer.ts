import type { Sample } from '../domains/target-domain.ts';
import { readValues, type StoredValue } from '../network/variable-values.ts';
import { HEAD } from '../network/head.ts';
import type { BestWeights } from './best-weights.ts';
import { prefixed, writeCheckpoint } from './checkpoint.ts';
import { trainsStage } from './loss-needs.ts';
import type { PhaseRun } from './phase-run.ts';
import type { Run } from './run.ts';

/** Seconds between checkpoints within an epoch, and at least between those at epochs' ends. */
const WITHIN_EPOCH = 30;
const AT_EPOCH_END = 5;

/** What a phase under way adds to a checkpoint. */
export interface CheckpointParts<S extends Sample> {
  readonly training?: PhaseRun<S>;
  readonly best?: BestWeights;
  /** The phase's own targets of the unlabelled samples. */
  readonly derived?: ReadonlyMap<string, StoredValue>;
}

/** Decides when to write a checkpoint, and gathers what belongs into it. */
export class Checkpointer<S extends Sample> {
  #last = performance.now();
  #steps = 0;

  constructor(
    private readonly run: Run<S>,
    private readonly parts: CheckpointParts<S> = {},
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
    if (transfer.resumable === false) return;
    const { training, best, derived } = this.parts;
    // Stages that no phase up to this one trained are as the source or the seed has them.
    const phases = this.run.phases.slice(0, this.run.state.phase + 1);
    const tensors = new Map([
      ...prefixed(
        'model/',
        await readValues(model.state((stage) => stage === HEAD || phases.some((phase) => trainsStage(phase, stage)))),
      ),
      ...((await training?.state()) ?? []),
      ...prefixed('best/', best?.values ?? []),
      ...prefixed('derived/', derived ?? []),
    ]);
    const path = await writeCheckpoint(transfer.directory, { state, tensors });
    this.#last = performance.now();
    await events.emit('checkpoint', { path, step: state.step });
  }

  #elapsed(): number {
    return (performance.now() - this.#last) / 1000;
  }
}
