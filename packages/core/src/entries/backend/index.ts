export {
  eagerStep,
  type Backend,
  type CompiledStep,
  type CompileOptions,
  type MemoryReport,
} from '../../ports/backend.ts';
export { PRECISIONS, type Precision, type PrecisionRequest, type ReducedPrecision } from '../../ports/precision.ts';
export { withoutDraws } from '../../random/random-stream.ts';
export { STATELESS_UNIFORM } from '../../random/step-random.ts';
export { FUSED_BATCH_NORM_TRAIN } from '../../network/batch-norm.ts';
