import type { EncoderFamily } from './encoder-config.ts';

/** The checkpoint's names: of tables as they are, of layers without `.weight` and `.bias`. */
export const EMBEDDING_NAMES = {
  words: 'embeddings.word_embeddings.weight',
  positions: 'embeddings.position_embeddings.weight',
  types: 'embeddings.token_type_embeddings.weight',
  norm: 'embeddings.LayerNorm',
  relativePositions: 'encoder.relative_attention_bias.weight',
} as const;

export interface LayerNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly attentionOutput: string;
  readonly attentionNorm: string;
  readonly up: string;
  readonly down: string;
  readonly norm: string;
}

const BERT: LayerNames = {
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  attentionOutput: 'attention.output.dense',
  attentionNorm: 'attention.output.LayerNorm',
  up: 'intermediate.dense',
  down: 'output.dense',
  norm: 'output.LayerNorm',
};

const NAMES: Readonly<Record<EncoderFamily, LayerNames & { readonly prefix: string }>> = {
  bert: { ...BERT, prefix: 'encoder.layer.' },
  roberta: { ...BERT, prefix: 'encoder.layer.' },
  mpnet: {
    ...BERT,
    prefix: 'encoder.layer.',
    query: 'attention.attn.q',
    key: 'attention.attn.k',
    value: 'attention.attn.v',
    attentionOutput: 'attention.attn.o',
    attentionNorm: 'attention.LayerNorm',
  },
  distilbert: {
    prefix: 'transformer.layer.',
    query: 'attention.q_lin',
    key: 'attention.k_lin',
    value: 'attention.v_lin',
    attentionOutput: 'attention.out_lin',
    attentionNorm: 'sa_layer_norm',
    up: 'ffn.lin1',
    down: 'ffn.lin2',
    norm: 'output_layer_norm',
  },
};

/** The names of layer `index`, from 0. */
export function layerNames(family: EncoderFamily, index: number): LayerNames {
  const { prefix, ...names } = NAMES[family];
  return Object.fromEntries(
    Object.entries(names).map(([part, name]) => [part, `${prefix}${index}.${name}`]),
  ) as unknown as LayerNames;
}
