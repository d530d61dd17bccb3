import { checkpointInvalid, littleEndianValues } from '@headstart/core/formats';

/** Values of a block, which share a scale. */
export const BLOCK_VALUES = 32;
/** A scale in half precision and 32 whole numbers of four bits. */
export const BLOCK_BYTES = 18;

/**
 * Values of Q4_0 blocks, as llama.cpp's GGML defines them: `(q - 8) · scale`, the low halves of the 16 bytes first and
 * then the high ones.
 *
 * @param what names the tensor, for messages
 * @throws HeadstartError `checkpoint-invalid` for a scale that is not a number or not finite
 */
export function dequantise(bytes: Uint8Array, path: string, what: string): Float32Array {
  const blocks = bytes.length / BLOCK_BYTES;
  const halves = new Uint8Array(2 * blocks);
  for (let block = 0; block < blocks; block++) {
    halves[2 * block] = bytes[block * BLOCK_BYTES]!;
    halves[2 * block + 1] = bytes[block * BLOCK_BYTES + 1]!;
  }
  const scales = littleEndianValues(halves, 'F16') as Float32Array;
  const values = new Float32Array(blocks * BLOCK_VALUES);
  for (let block = 0; block < blocks; block++) {
    const scale = scales[block]!;
    if (!Number.isFinite(scale)) throw checkpointInvalid(path, `the scale of block ${block} of ${what} is ${scale}`);
    const from = block * BLOCK_BYTES + 2;
    const to = block * BLOCK_VALUES;
    for (let i = 0; i < BLOCK_VALUES / 2; i++) {
      const byte = bytes[from + i]!;
      values[to + i] = ((byte & 15) - 8) * scale;
      values[to + BLOCK_VALUES / 2 + i] = ((byte >> 4) - 8) * scale;
    }
  }
  return values;
}
