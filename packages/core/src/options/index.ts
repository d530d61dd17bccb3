export { CLEANINGS, type Cleaning } from './cleanings.ts';
export { DEFAULT_SELECTION, SELECTIONS, type Selection } from './criteria.ts';
export type { PrecisionRequest } from '../ports/precision.ts';
export { parseByteSize } from './byte-size.ts';
export { settleLength, type AskedLength, type TrainingLength, type UsualTraining } from './training-length.ts';
export { transferOptions, type TransferOption, type TransferOptions } from './transfer-options.ts';
export {
  namedProbabilities,
  namedValues,
  probability,
  someOf,
  valueFromText,
  wholeNumber,
  type ValueKind,
} from './value-kinds.ts';
export { combinedNames } from './combined-names.ts';
export { namedOptions, parseNamedOptions } from './named-options.ts';
export { DEFAULT_SCORE, FEATURE_SCORES, PREDICTION_SCORES, SCORES, type Score } from './scores.ts';
