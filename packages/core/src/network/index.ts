export type { Backbone, FeatureInfo, InputSpec, SourceHead, TuningAdvice } from './backbone.ts';
export { disposeStages, usesBatchStatistics, type ForwardMode, type ModelVariable, type Stage } from './stage.ts';
export { runStages } from './run-stages.ts';
export type { HostTensors, HostValues, Tensors, TensorSpec, TensorSpecs } from './tensors.ts';
export { assignConstant, assignValues, modelVariable, type Layer } from './layer.ts';
export { layerStage, stageInput } from './layer-stage.ts';
export { constant, glorotUniform, heNormal, normal, type Initialiser } from './layers/initialisers.ts';
export { Convolution, type ConvolutionOptions } from './layers/convolution.ts';
export { BatchNorm, type BatchNormOptions } from './layers/batch-norm.ts';
export { NormalisedConvolution } from './layers/normalised-convolution.ts';
export { Dense, type DenseOptions } from './layers/dense.ts';
export { Embedding, type EmbeddingOptions } from './layers/embedding.ts';
export { LayerNorm } from './layers/layer-norm.ts';
export { averagePooling, flatten, globalAveragePooling, maxPooling } from './layers/pooling.ts';
export { batchNormTrain } from './batch-norm.ts';
export { dropout } from '../random/dropout.ts';
export { StepRandom } from '../random/step-random.ts';
export { gradCam, heatAt, type GradCamRequest, type HeatMap } from './grad-cam.ts';
export type { Head, StackableHead } from './head.ts';
export {
  BOTTLENECK,
  foldedBottleneck,
  withBottleneck,
  type BottleneckPlan,
  type FoldedBottleneck,
} from './bottleneck.ts';
export { headFeature, pooledFeature } from './head-feature.ts';
export { LinearHead, type LinearHeadOptions } from './linear-head.ts';
export { inheritClasses, inheritHead } from './inherit-head.ts';
export { placesOf } from './class-names.ts';
export { columnsOf } from './columns.ts';
export { binaryCrossEntropy } from './binary-cross-entropy.ts';
export { weighedByClass, weighedByLabel, type ClassWeights } from './class-weights.ts';
export { softCrossEntropies, softCrossEntropy } from './soft-cross-entropy.ts';
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
export { asConstant, stopGradient } from './stop-gradient.ts';
export {
  variablesOf,
  type Network,
  type NetworkInput,
  type NetworkNode,
  type NetworkVariable,
} from './graph/network.ts';
export { networkBackbone, type NetworkBackboneOptions } from './graph/network-backbone.ts';
export { nodesBetween } from './graph/cut-points.ts';
export { namedNode } from './graph/feature-cut.ts';
export { mapArea, joinStretches, type Stretch } from './graph/join-stretches.ts';
export { stageNames } from './graph/stage-names.ts';
