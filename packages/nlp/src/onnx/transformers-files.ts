import type { ExportedModel } from '@headstart/core/export';
import type { EncoderBackbone } from '../encoders/encoder-backbone.ts';
import { MULTI_LABEL } from '../tasks/multi-label-classification.ts';

/** Names of classes in Hugging Face's libraries, by `model_type`. */
const CLASS_PREFIX: Readonly<Record<string, string>> = {
  bert: 'Bert',
  roberta: 'Roberta',
  'xlm-roberta': 'XLMRoberta',
  camembert: 'Camembert',
  distilbert: 'DistilBert',
  mpnet: 'MPNet',
};

type Json = Readonly<Record<string, unknown>>;

const print = (json: Json) => `${JSON.stringify(json, null, 2)}\n`;

/** The source's `config.json`, with the labels and what they mean where the model classifies. */
export function transformersConfig(source: string, classifier: ExportedModel | undefined): string {
  const config = JSON.parse(source) as Json & { model_type: string };
  const prefix = CLASS_PREFIX[config.model_type]!;
  const plain = { ...config, _name_or_path: undefined };
  if (!classifier) return print({ ...plain, architectures: [`${prefix}Model`] });
  const { labels, task } = classifier;
  return print({
    ...plain,
    architectures: [`${prefix}ForSequenceClassification`],
    id2label: Object.fromEntries(labels.entries()),
    label2id: Object.fromEntries(labels.map((label, i) => [label, i])),
    problem_type: task.id === MULTI_LABEL ? 'multi_label_classification' : 'single_label_classification',
  });
}

/**
 * The source's `tokenizer.json` without a fixed length: those who use it pad to the longest text of a batch. What the encoder
 * reads in front of every text becomes a part of it, so that they need not know.
 */
export function transformersTokenizer(source: string, prefix: string): string {
  const tokenizer = JSON.parse(source) as Json;
  const normalizers = [{ type: 'Prepend', prepend: prefix }, tokenizer['normalizer']].filter((each) => each != null);
  return JSON.stringify({
    ...tokenizer,
    truncation: null,
    padding: null,
    ...(prefix !== '' && { normalizer: { type: 'Sequence', normalizers } }),
  });
}

/** Tokens that every tokenizer of these families has, by the part that they play. */
const TOKENS: Readonly<Record<string, Json>> = {
  bert: { unk_token: '[UNK]', sep_token: '[SEP]', pad_token: '[PAD]', cls_token: '[CLS]', mask_token: '[MASK]' },
  roberta: { unk_token: '<unk>', sep_token: '</s>', pad_token: '<pad>', cls_token: '<s>', mask_token: '<mask>' },
  distilbert: { unk_token: '[UNK]', sep_token: '[SEP]', pad_token: '[PAD]', cls_token: '[CLS]', mask_token: '[MASK]' },
  mpnet: { unk_token: '[UNK]', sep_token: '</s>', pad_token: '<pad>', cls_token: '<s>', mask_token: '<mask>' },
};

const TOKENIZER_CLASS: Readonly<Record<string, string>> = {
  bert: 'BertTokenizer',
  roberta: 'RobertaTokenizer',
  distilbert: 'DistilBertTokenizer',
  mpnet: 'MPNetTokenizer',
};

/** The source's `tokenizer_config.json`, with the length that the model cuts texts to and what a source may have left out. */
export function transformersTokenizerConfig(source: string, { config, settings }: EncoderBackbone['encoder']): string {
  const given = JSON.parse(source || '{}') as Json;
  return print({
    ...TOKENS[config.family],
    tokenizer_class: TOKENIZER_CLASS[config.family],
    ...given,
    name_or_path: undefined,
    model_max_length: settings.length,
  });
}
