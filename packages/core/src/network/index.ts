export { StepRandom } from '../random/step-random.ts';
export { dropout } from '../random/dropout.ts';
export type { HostTensors, HostValues, Tensors, TensorSpec, TensorSpecs } from './tensors.ts';
export { usesBatchStatistics, type ForwardMode, type ModelVariable, type Stage } from './stage.ts';
export { assignConstant, assignValues, modelVariable, type Layer } from './layer.ts';
export { layerStage, stageInput } from './layer-stage.ts';
export { batchNormTrain } from './batch-norm.ts';
export type { Backbone, FeatureInfo, InputSpec, SourceHead, TuningAdvice } from './backbone.ts';
export type { Head } from './head.ts';
export { headFeature, pooledFeature } from './head-feature.ts';
export { LinearHead } from './linear-head.ts';
export { softCrossEntropy } from './soft-cross-entropy.ts';
export { cosinePairLoss, multipleNegativesLoss, supervisedContrastiveLoss } from './contrastive-losses.ts';
export type {
  LabelledLossBatch,
  LossBatch,
  LossInputs,
  LossLayerOptions,
  LossLayers,
  LossNeeds,
  LossWeight,
  UnlabelledLossBatch,
} from './loss-term.ts';
export { reverseGradient } from './reverse-gradient.ts';
