/** Operations that end a classifier rather than a feature extractor: layers' classes and nodes' operations. */
const CLASSIFIES = new Set([
  'Dense',
  'Softmax',
  'Activation',
  'Conv2D',
  '_FusedConv2D',
  'MatMul',
  '_FusedMatMul',
  'BiasAdd',
  'Sigmoid',
]);

/** Whether a classifier can end in an operation, so that what it gives last is not a feature. */
export function canEndClassifier(operation: string): boolean {
  return CLASSIFIES.has(operation);
}
