import type { EpochChoice, EpochInfo } from '../runs/events.ts';

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
  /** The loss of the run's first step, before a weight has changed: that of chance, mostly. */
  firstLoss: number | null;
  history: EpochInfo[];
  /** By epoch of the history, the class that the model gave to each sample of the test domain; empty where none is judged. */
  answers: number[][];
  /** The peak rate of the phase where a range test found it. */
  learningRate: number | null;
  /** The epochs that the phases before it kept. */
  chosen: EpochChoice[];
  seconds: { features: number; training: number; evaluation: number };
}

export function newRunState(): RunState {
  return {
    phase: 0,
    epoch: 0,
    step: 0,
    lossSum: 0,
    firstLoss: null,
    history: [],
    answers: [],
    learningRate: null,
    chosen: [],
    seconds: { features: 0, training: 0, evaluation: 0 },
  };
}

/** Moves on to the beginning of the next phase. */
export function nextPhase(state: RunState): void {
  Object.assign(state, { phase: state.phase + 1, epoch: 0, step: 0, lossSum: 0, learningRate: null });
}

/** The epochs of the phase under way. */
export function phaseHistory({ history, epoch }: Pick<RunState, 'history' | 'epoch'>): EpochInfo[] {
  return epoch === 0 ? [] : history.slice(-epoch);
}
