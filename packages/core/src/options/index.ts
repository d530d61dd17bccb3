/** What the command line shares with core, without the rest of it: nothing here loads a tensor library. */
export { PRECISIONS, type PrecisionRequest } from '../ports/precision.ts';
export { parseByteSize } from './byte-size.ts';
