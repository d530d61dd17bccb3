import * as tf from '@tensorflow/tfjs-core';
import type { DataId, Tensor, Variable } from '@tensorflow/tfjs-core';
import { attribute } from '../kernels/registration.ts';
import type { CapturingBackend } from './capturing-backend.ts';

/** All variables of the process, held while a step is recorded, so that what it assigns can be undone. */
export class HeldVariables {
  /** The value that each variable had; it keeps the data alive. */
  readonly #values: ReadonlyMap<Variable, Tensor>;
  readonly #byData = new Map<DataId, Variable>();

  /** Gives each variable data that nothing else shares: a step is recorded by its tensors' data. */
  constructor(backend: CapturingBackend) {
    const { registeredVariables } = tf.engine();
    const variables = Object.values(registeredVariables).filter(({ dataId }) => backend.stored(dataId) !== undefined);
    this.#values = new Map(
      variables.map((variable) => {
        if (backend.stored(variable.dataId)!.refCount > 1) separate(backend, variable);
        this.#byData.set(variable.dataId, variable);
        return [variable, tf.keep(variable.clone())];
      }),
    );
  }

  /** The variable whose value this data was. */
  owner(dataId: DataId): Variable | undefined {
    return this.#byData.get(dataId);
  }

  /** A tensor of the value that a variable had. */
  before(variable: Variable): Tensor {
    return this.#values.get(variable)!;
  }

  /** The variables that hold something else than before. */
  assigned(): Variable[] {
    return [...this.#values]
      .filter(([variable, { dataId }]) => variable.dataId !== dataId)
      .map(([variable]) => variable);
  }

  /** Puts everything back. */
  release(): void {
    for (const [variable, value] of this.#values) {
      if (variable.dataId !== value.dataId) variable.assign(value);
      value.dispose();
    }
  }
}

/** The same values under another data id; TensorFlow itself copies nothing. */
function separate({ kernels }: CapturingBackend, variable: Variable): void {
  const copy = kernels.executeSingleOutput('Identity', [attribute.type('T', variable.dtype)], [variable]);
  variable.assign(copy);
  copy.dispose();
}
