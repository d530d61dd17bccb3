export { classesOutput } from './classes-output.ts';
export { LABEL, oneClass, severalLabels, type SampleTargets } from './sample-targets.ts';
export { oneClassLearning } from './one-class-learning.ts';
export { multiLabelLearning, multiLabelLoss } from './multi-label-learning.ts';
export { labelProbability, LABEL_THRESHOLD, type MultiLabelPrediction } from './multi-label-prediction.ts';
