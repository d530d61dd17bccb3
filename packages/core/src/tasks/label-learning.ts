import type { Task } from './task.ts';

/** The part of a task of labels that does not depend on what a sample is: how labels are learned, judged and told. */
export type LabelLearning<Prediction> = Pick<
  Task<never, Prediction>,
  | 'monitor'
  | 'balancedMonitor'
  | 'weighsClasses'
  | 'check'
  | 'loss'
  | 'sampleLosses'
  | 'keepClasses'
  | 'mergeLogits'
  | 'evaluator'
  | 'decode'
  | 'describe'
>;
