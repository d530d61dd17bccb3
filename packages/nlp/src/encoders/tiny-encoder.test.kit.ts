import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RandomStream } from '@headstart/core';
import { writeSafetensors } from '@headstart/core/formats';
import type { ModelVariable } from '@headstart/core/network';
import { checkpointForm } from './layers/kernel-layout.ts';

const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];
const WORDS = 'the a cat dog sat on mat good bad very film ##s ##ly . , !'.split(' ');

/** A word-piece tokenizer of twenty tokens: `[CLS] text [SEP]`, or `[CLS] text [SEP] pair [SEP]`. */
export function tinyTokenizer(): object {
  const vocabulary = Object.fromEntries([...SPECIAL, ...WORDS].map((token, id) => [token, id]));
  const special = (id: string, type: number) => ({ SpecialToken: { id, type_id: type } });
  const sequence = (id: string, type: number) => ({ Sequence: { id, type_id: type } });
  return {
    version: '1.0',
    added_tokens: SPECIAL.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0)],
      pair: [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0), sequence('B', 1), special('[SEP]', 1)],
      special_tokens: Object.fromEntries(
        ['[CLS]', '[SEP]'].map((id) => [id, { id, ids: [SPECIAL.indexOf(id)], tokens: [id] }]),
      ),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: vocabulary,
    },
  };
}

const BERT_SIZES = {
  vocab_size: 20,
  hidden_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 12,
  max_position_embeddings: 40,
  initializer_range: 0.3,
};

/** `config.json` of an encoder with two layers of width 8, by family. */
export const TINY_CONFIGS = {
  bert: { model_type: 'bert', ...BERT_SIZES, type_vocab_size: 2, pad_token_id: 0 },
  roberta: { model_type: 'roberta', ...BERT_SIZES, type_vocab_size: 1, pad_token_id: 0, layer_norm_eps: 1e-5 },
  mpnet: { model_type: 'mpnet', ...BERT_SIZES, pad_token_id: 0, relative_attention_num_buckets: 8 },
  distilbert: {
    model_type: 'distilbert',
    vocab_size: 20,
    dim: 8,
    n_layers: 2,
    n_heads: 2,
    hidden_dim: 12,
    max_position_embeddings: 40,
    initializer_range: 0.3,
    activation: 'gelu',
  },
} as const;

/** Writes an encoder's folder, without weights. */
export async function writeTinyEncoder(
  folder: string,
  config: object,
  more: Readonly<Record<string, object>> = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = {
    'config.json': config,
    'tokenizer.json': tinyTokenizer(),
    'tokenizer_config.json': { model_max_length: 32 },
    ...more,
  };
  for (const [name, json] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), JSON.stringify(json));
  }
}

/** Random weights for the variables, as a checkpoint names them after `rename`. */
export async function writeTinyWeights(
  folder: string,
  variables: readonly ModelVariable[],
  rename = (name: string) => name,
): Promise<void> {
  const tensors = variables.map(({ name, value }) => {
    const { name: known, transposed } = checkpointForm(name);
    const random = new RandomStream('tiny').child(known);
    const data = Float32Array.from(
      { length: value.size },
      () => (name.endsWith('Norm.weight') || name.endsWith('norm.weight') ? 1 : 0) + 0.3 * random.normal(),
    );
    return [
      rename(known),
      { dtype: 'F32' as const, shape: transposed ? value.shape.toReversed() : value.shape, data },
    ] as const;
  });
  await writeSafetensors(join(folder, 'model.safetensors'), tensors, {});
}
