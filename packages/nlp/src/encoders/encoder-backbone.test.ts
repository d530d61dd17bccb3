import '@tensorflow/tfjs';
import { memory, setBackend, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { createArtifacts, RandomStream, silentProgress, type SourceRuntime } from '@headstart/core';
import { runStages, type Tensors } from '@headstart/core/network';
import { checkBackbone } from '@headstart/core/testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encoderScheme } from '../sources/encoder-source.ts';
import { TINY_CONFIGS, writeTinyEncoder, writeTinyWeights } from './tiny-encoder.test.kit.ts';
import { textBackbone } from '../texts/text-backbone.ts';

const runtime: SourceRuntime = { artifacts: createArtifacts(), progress: silentProgress };
const NOTHING = { weights: 'none' } as const;
const PUBLISHED = { weights: 'published' } as const;

let root: string;
let tensors = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-encoder-'));
  await setBackend('cpu');
  tensors = memory().numTensors;
});
afterAll(() => rm(root, { recursive: true }));
afterEach(() => expect(memory().numTensors).toBe(tensors));

const families = Object.keys(TINY_CONFIGS) as (keyof typeof TINY_CONFIGS)[];

async function tinySource(family: keyof typeof TINY_CONFIGS, options = '', files = {}) {
  const folder = await mkdtemp(join(root, `${family}-`));
  await writeTinyEncoder(folder, TINY_CONFIGS[family], files);
  return { folder, source: encoderScheme.resolve(folder + options) };
}

describe('encoders', () => {
  it.each(families)('%s keeps what every source must keep', async (family) => {
    const { source } = await tinySource(family);
    await checkBackbone(source, { open: (options) => source.open(runtime, options) });
  });

  it.each(families)('%s takes a text for the same, however long its padding and whatever beside it', async (family) => {
    const { source } = await tinySource(family, '#pooling=mean');
    const backbone = textBackbone(await source.open(runtime, NOTHING));
    backbone.stages.forEach((stage) => stage.initialise(new RandomStream(family).child(stage.name)));
    const short = await backbone.texts.encode({ text: 'a good film' });
    const long = await backbone.texts.encode({
      text: 'the cat sat on the mat very very very very good dogs, a bad dog sat!',
    });
    const run = (rows: readonly (typeof short)[], length: number) => {
      const inputs = Object.fromEntries(
        Object.keys(short).map((name) => [
          name,
          tensor2d(
            rows.flatMap((row) => [...row[name]!.subarray(0, length)]),
            [rows.length, length],
            'int32',
          ),
        ]),
      ) as Tensors;
      return runStages(backbone.stages, inputs)['pooled']!;
    };
    const [alone, together] = tidy(() => [
      run([short], 5).arraySync() as number[][],
      run([short, long], 32).arraySync() as number[][],
    ]);
    alone[0]!.forEach((value, i) => expect(together[0]![i]).toBeCloseTo(value, 5));
    backbone.dispose();
  });

  it('loads weights by name, with a prefix, old names of norms and surplus tensors', async () => {
    const { folder, source } = await tinySource('bert');
    const model = await source.open(runtime, NOTHING);
    const variables = model.stages.flatMap((stage) => stage.variables);
    await writeTinyWeights(
      folder,
      variables,
      (name) =>
        `bert.${name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta')}`,
    );
    const loaded = await source.open(runtime, PUBLISHED);
    const norm = loaded.stages[0]!.variables.find(({ name }) => name === 'embeddings.LayerNorm.weight')!;
    // What was written under the old name: 1 and a random number for each of the eight.
    const stream = new RandomStream('tiny').child(norm.name);
    for (const value of norm.value.dataSync<'float32'>()) expect(value).toBeCloseTo(1 + 0.3 * stream.normal(), 5);
    loaded.dispose();
    await writeTinyWeights(folder, variables.slice(1));
    await expect(source.open(runtime, PUBLISHED)).rejects.toMatchObject({ code: 'weights-mismatch' });
    await writeTinyWeights(folder, variables, (name) => (name.endsWith('1.output.dense.bias') ? 'elsewhere' : name));
    await expect(source.open(runtime, PUBLISHED)).rejects.toMatchObject({
      code: 'weights-mismatch',
      message: expect.stringContaining('encoder.layer.1.output.dense.bias') as string,
    });
    model.dispose();
  });

  it('takes pooling, length and norm from the files of sentence-transformers, and from what is asked for first', async () => {
    const files = {
      'modules.json': [
        { type: 'sentence_transformers.models.Transformer' },
        { type: 'sentence_transformers.models.Normalize' },
      ],
      '1_Pooling/config.json': {
        word_embedding_dimension: 8,
        pooling_mode_cls_token: true,
        pooling_mode_mean_tokens: false,
      },
      'sentence_bert_config.json': { max_seq_length: 24 },
      'config_sentence_transformers.json': { prompts: { query: 'query: ' }, default_prompt_name: 'query' },
    };
    const usual = { windows: 1, prefix: '', words: 'trained' };
    const settingsOf = async (options: string, given: object) => {
      const { source } = await tinySource('bert', options, given);
      const backbone = await source.open(runtime, NOTHING);
      backbone.dispose();
      return JSON.parse(Buffer.from(backbone.assets!['sentence.json']!).toString()) as object;
    };
    expect(await settingsOf('', files)).toEqual({
      ...usual,
      pooling: 'cls',
      normalise: true,
      length: 24,
      prefix: 'query: ',
    });
    expect(await settingsOf('#pooling=last,normalise=no,length=16,prefix=a ,words=frozen', files)).toEqual({
      windows: 1,
      pooling: 'last',
      normalise: false,
      length: 16,
      prefix: 'a ',
      // Where nothing published is opened, words know nothing yet.
      words: 'trained',
    });
    expect(await settingsOf('', {})).toEqual({ ...usual, pooling: 'mean', normalise: false, length: 32 });
  });

  it('refuses what does not fit together', async () => {
    const refused = async (config: object, files: Record<string, object>, options = '') => {
      const folder = await mkdtemp(join(root, 'refused-'));
      await writeTinyEncoder(folder, config, files);
      return encoderScheme
        .resolve(folder + options)
        .open(runtime, NOTHING)
        .catch((error: unknown) => error);
    };
    expect(await refused({ ...TINY_CONFIGS.bert, vocab_size: 10 }, {})).toMatchObject({
      code: 'weights-mismatch',
      message: expect.stringContaining('tokenizer') as string,
    });
    expect(await refused({ ...TINY_CONFIGS.bert, model_type: 'gpt2' }, {})).toMatchObject({
      code: 'not-supported',
      message: expect.stringContaining('gpt2') as string,
    });
    expect(await refused({ ...TINY_CONFIGS.bert, hidden_size: undefined }, {})).toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringContaining('hidden_size') as string,
    });
    expect(await refused({ ...TINY_CONFIGS.bert, position_embedding_type: 'relative_key' }, {})).toMatchObject({
      code: 'not-supported',
    });
    expect(await refused(TINY_CONFIGS.bert, {}, '#length=64')).toMatchObject({
      code: 'invalid-option',
      message: expect.stringContaining('40') as string,
    });
    expect(await refused(TINY_CONFIGS.bert, { 'tokenizer.json': { model: { type: 'nonsense' } } })).toMatchObject({
      code: 'checkpoint-invalid',
    });
    const { folder, source } = await tinySource('bert');
    await writeFile(join(folder, 'config.json'), '{');
    await expect(source.open(runtime, NOTHING)).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringContaining('config.json') as string,
    });
    await rm(join(folder, 'tokenizer.json'));
    await expect(source.open(runtime, NOTHING)).rejects.toMatchObject({ code: 'artifact-not-found' });
    for (const rest of [
      '',
      '#pooling=mean',
      'x#pooling=maen',
      'x#length=4',
      'x#normalise=maybe',
      'x#pooling=max,pooling=max',
      'x#size=3',
    ]) {
      expect(() => encoderScheme.resolve(rest), rest).toThrow(expect.objectContaining({ code: 'invalid-option' }));
    }
  });
});
