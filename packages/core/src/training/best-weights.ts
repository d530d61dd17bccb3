import { checkWeight } from '../network/finite.ts';
import type { ModelVariable } from '../network/stage.ts';
import { readValues, writeValues, type StoredValue } from '../network/variable-values.ts';
import type { Phase } from '../strategies/strategy.ts';
import type { EpochInfo } from '../runs/events.ts';
import { under } from './checkpoint.ts';
import { bestOf, canChooseBy, supersedes } from './epoch-choice.ts';
import { epochRule } from './epoch-rule.ts';
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
   * Copies the model's values where the numbers of the epoch that has ended take the place of the best before it.
   * @throws HeadstartError `not-finite`
   */
  async consider(epoch: Pick<EpochInfo, 'validation' | 'unlabelled'>): Promise<void> {
    const { state, transfer } = this.run;
    const { last, monitor, of, samples } = epochRule(transfer, this.phase);
    if (last !== undefined || !canChooseBy(samples)) return;
    const best = bestOf(monitor, phaseHistory(state), of);
    if (!supersedes(monitor, epoch[of], best?.[of])) return;
    const values = await readValues(this.#variables());
    for (const [name, { data }] of values) await checkWeight(data, name, 'what was learned');
    this.#values = values;
  }

  /** Puts the best values into the model; false where there are none. */
  async adopt(): Promise<boolean> {
    if (this.#values.size === 0) return false;
    await writeValues(this.#variables(), this.#values, 'The best epoch');
    return true;
  }

  #variables(): [string, ModelVariable][] {
    return [...this.run.model.state((stage) => trainsStage(this.phase, stage))];
  }
}
