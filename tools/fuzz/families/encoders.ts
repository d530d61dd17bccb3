import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Draw } from '../draw.ts';
import type { Family, Files } from '../family.ts';
import { mutateFiles } from '../mutate-files.ts';
import { filesIn, once } from '../seeds.ts';

const FIXTURES = fileURLToPath(new URL('../../../packages/nlp/src/encoders/fixtures/', import.meta.url));
const KINDS = ['bert', 'distilbert', 'mpnet', 'roberta'];

const folders = once(() => Promise.all(KINDS.map(async (kind) => withoutTests(await filesIn(join(FIXTURES, kind))))));

function withoutTests(files: Map<string, Buffer>): Files {
  const more: [string, string][] = [
    ['tokenizer_config.json', JSON.stringify({ model_max_length: 32, unk_token: '[UNK]' })],
    ['sentence_bert_config.json', JSON.stringify({ max_seq_length: 16 })],
    ['modules.json', JSON.stringify([{ type: 'sentence_transformers.models.Transformer' }])],
    ['1_Pooling/config.json', JSON.stringify({ pooling_mode_mean_tokens: true })],
  ];
  return new Map<string, Buffer | string>([...[...files].filter(([name]) => !/^(expected|texts)/.test(name)), ...more]);
}

const INPUTS = ['a good film, the best of them', `${'a'.repeat(40)}!`, 'été 🐈 \u0000 x'];

/** Folders of sentence encoders: configurations, tokenizers and weights. */
export const encoders: Family = {
  name: 'encoders',
  valid: folders,
  make: async (draw) => mutateFiles(draw, draw.of(await folders()), chosen(draw)),
  read: async (folder, system) => (await system.headstart).embed(`encoder:${folder}`, INPUTS),
};

/** Mostly the tokenizer and the configuration. */
function chosen(draw: Draw): (name: string) => boolean {
  const wanted = draw.of(['tokenizer.json', 'tokenizer.json', 'config.json', 'config.json', undefined]);
  return (name) => wanted === undefined || name === wanted;
}
