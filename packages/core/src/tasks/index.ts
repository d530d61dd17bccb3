export { classesOutput } from './classes-output.ts';
export { LABEL, oneClass, severalLabels, type SampleTargets } from './sample-targets.ts';
export type { DecisionRule } from './decision-rule.ts';
export { oneClassLearning } from './one-class-learning.ts';
export { keptClasses, keptLabels } from './kept-classes.ts';
export type { KeepingOptions } from './task.ts';
export { likeliestLabel, summedProbabilities, type LogitMerge } from './merged-outputs.ts';
export { multiLabelLearning, multiLabelLoss } from './multi-label-learning.ts';
export { labelProbability, type MultiLabelPrediction } from './multi-label-prediction.ts';
