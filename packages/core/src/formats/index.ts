export { readSafetensors, type Safetensors } from './read-safetensors.ts';
export { writeSafetensors, type WritableTensor } from './write-safetensors.ts';
export { readTorchCheckpoint } from './read-torch-checkpoint.ts';
export type { StoredDtype, StoredTensor, StoredValues } from './stored-tensor.ts';
