import type { ForwardMode, Stage } from './stage.ts';
import type { Tensors } from './tensors.ts';

const INFERENCE: ForwardMode = { training: false };

/**
 * Runs stages in a row, each on what the one before it hands on, and gives what the last one does; the inputs
 * themselves where there is none. Call it inside `tf.tidy`, which frees what is handed on between stages.
 *
 * @param mode of all stages, or of each; as in inference where absent
 * @param observe shown what each stage puts out, which lives as long as the tidy around
 */
export function runStages(
  stages: readonly Stage[],
  inputs: Tensors,
  mode: ForwardMode | ((stage: Stage) => ForwardMode) = INFERENCE,
  observe?: (stage: Stage, outputs: Tensors) => void,
): Tensors {
  const modeOf = typeof mode === 'function' ? mode : () => mode;
  let tensors = inputs;
  for (const stage of stages) {
    tensors = stage.forward(tensors, modeOf(stage));
    observe?.(stage, tensors);
  }
  return tensors;
}
