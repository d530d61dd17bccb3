import { checkWeight } from '../network/finite.ts';
import type { ModelVariable } from '../network/stage.ts';
import { readValues, writeValues, type StoredValue } from '../network/variable-values.ts';
import type { Phase } from '../strategies/strategy.ts';
import { under } from './checkpoint.ts';
import { bestOf, canChooseBy, supersedes } from './epoch-choice.ts';
import { trainsStage } from './loss-needs.ts';
import type { Run } from './run.ts';
import { phaseHistory } from './run-state.ts';

/** The weights and statistics of the phase's best epoch so far; none where the validation split is too small to choose by. */
export class BestWeights {
  #values: Map<string, StoredValue>;

  constructor(
    private readonly run: Pick<Run, 'state' | 'checkpoint' | 'model' | 'transfer'>,
    private readonly phase: Phase,
  ) {
    const { state, checkpoint } = run;
    this.#values = checkpoint && state.epoch > 0 ? under(checkpoint.tensors, 'best/') : new Map<string, StoredValue>();
  }

  get values(): ReadonlyMap<string, StoredValue> {
    return this.#values;
  }

  /**
   * Copies the model's values where the metrics of the epoch that has ended take the place of the best before it.
   * @throws HeadstartError `not-finite`
   */
  async consider(metrics: Readonly<Record<string, number>>): Promise<void> {
    const { state, transfer } = this.run;
    if (!canChooseBy(transfer.target.splits.validation.length)) return;
    const best = bestOf(transfer.task.monitor, phaseHistory(state));
    if (!supersedes(transfer.task.monitor, metrics, best?.validation)) return;
    const values = await readValues(this.#variables());
    for (const [name, { data }] of values) checkWeight(data, name, 'what was learned');
    this.#values = values;
  }

  /** Puts the best values into the model; false where there are none. */
  adopt(): boolean {
    if (this.#values.size === 0) return false;
    writeValues(this.#variables(), this.#values, 'The best epoch');
    return true;
  }

  #variables(): [string, ModelVariable][] {
    return [...this.run.model.state((stage) => trainsStage(this.phase, stage))];
  }
}
