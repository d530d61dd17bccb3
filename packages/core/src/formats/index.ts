export { readSafetensors, type Safetensors } from './read-safetensors.ts';
export { writeSafetensors, type WritableTensor } from './write-safetensors.ts';
export { readTorchCheckpoint } from './read-torch-checkpoint.ts';
export {
  checkpointInvalid,
  littleEndianValues,
  readRange,
  type StoredDtype,
  type StoredTensor,
  type StoredValues,
} from './stored-tensor.ts';
