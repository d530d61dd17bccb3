import type { ModelVariable } from '../network/stage.ts';
import { readValues, writeValues, type StoredValue } from '../network/variable-values.ts';
import type { Phase } from '../strategies/strategy.ts';
import { under } from './checkpoint.ts';
import { improves } from './early-stopping.ts';
import { trainsStage } from './loss-needs.ts';
import type { Run } from './run.ts';

/** The weights and statistics of the phase's best epoch by the monitored validation metric. */
export class BestWeights {
  #values: Map<string, StoredValue>;

  constructor(
    private readonly run: Pick<Run, 'state' | 'checkpoint' | 'model'> & {
      readonly transfer: { readonly task: { readonly monitor: Run['transfer']['task']['monitor'] } };
    },
    private readonly phase: Phase,
  ) {
    this.#values =
      run.state.best === null || !run.checkpoint
        ? new Map<string, StoredValue>()
        : under(run.checkpoint.tensors, 'best/');
  }

  get values(): ReadonlyMap<string, StoredValue> {
    return this.#values;
  }

  /** Copies the model's values where the metrics are the best so far. */
  async consider(metrics: Readonly<Record<string, number>>): Promise<void> {
    const { state, transfer } = this.run;
    const value = metrics[transfer.task.monitor.metric];
    if (value === undefined || !improves(transfer.task.monitor, value, state.best ?? undefined)) return;
    state.best = value;
    this.#values = await readValues(this.#variables());
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
