import type { EpochInfo } from '../runs/events.ts';

/** Where a run stands: all that a resume needs beside the weights and the optimiser's slots. */
export interface RunState {
  /** The phase to run next or now. */
  phase: number;
  /** Epochs of that phase that are done. */
  epoch: number;
  /** Steps of the next epoch that are done. */
  step: number;
  /** Sum of the unfinished epoch's losses, weighted by samples, to report its mean. */
  lossSum: number;
  history: EpochInfo[];
  /** The peak rate of the phase where a range test found it. */
  learningRate: number | null;
  /** The best validation value of the phase. */
  best: number | null;
  seconds: { features: number; training: number; evaluation: number };
}

export function newRunState(): RunState {
  return {
    phase: 0,
    epoch: 0,
    step: 0,
    lossSum: 0,
    history: [],
    learningRate: null,
    best: null,
    seconds: { features: 0, training: 0, evaluation: 0 },
  };
}

/** Moves on to the beginning of the next phase. */
export function nextPhase(state: RunState): void {
  Object.assign(state, { phase: state.phase + 1, epoch: 0, step: 0, lossSum: 0, learningRate: null, best: null });
}
