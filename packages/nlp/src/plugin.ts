import { definePlugin } from '@headstart/core';
import { CHAT_LANGUAGES, chatTopics } from './datasets/chat-topics.ts';
import { newsBbc } from './datasets/news-bbc.ts';
import { chineseSentiment, chineseSentimentAll } from './datasets/sentiment-chinese.ts';
import { SENTIMENT_SITES, sentimentDataset } from './datasets/sentiment.ts';
import { spamAssassin, spamSms } from './datasets/spam.ts';
import { TRANSFORMERS } from './frozen/tokens.ts';
import type { TransformersLibrary } from './frozen/transformers-library.ts';
import { onnxExporter } from './onnx/onnx-exporter.ts';
import { textFolder } from './readers/text-folder.ts';
import { textPairs, textTable } from './readers/text-table.ts';
import { e5Small, e5SmallScheme } from './sources/e5-small-source.ts';
import { encoderScheme, miniLmL6, miniLmL6Scheme } from './sources/encoder-source.ts';
import { transformersScheme } from './sources/transformers-source.ts';
import { textCnn, textCnnScheme } from './sources/text-cnn-source.ts';
import { useLite } from './sources/use-lite-source.ts';
import { vectorsScheme, wordVectors } from './sources/word-vector-source.ts';
import { multiLabelClassification } from './tasks/multi-label-classification.ts';
import { sentimentAnalysis, textClassification } from './tasks/text-classification.ts';
import { textEmbedding } from './tasks/text-embedding.ts';
import { textSimilarity } from './tasks/text-similarity.ts';
import { VERSION } from './version.ts';

/** The plugin: text classification, similarity and embedding with their readers, data sets and sources. */
export const nlp = definePlugin({
  name: '@headstart/nlp',
  version: VERSION,
  headstart: '^0.1',
  setup(context) {
    context.readers.add(textTable);
    context.readers.add(textPairs);
    context.readers.add(textFolder);
    context.sources.add(miniLmL6);
    context.sources.add(e5Small);
    context.sources.add(useLite);
    context.sources.add(wordVectors);
    context.sources.add(textCnn);
    context.sources.addScheme(miniLmL6Scheme);
    context.sources.addScheme(e5SmallScheme);
    context.sources.addScheme(textCnnScheme);
    context.sources.addScheme(encoderScheme);
    context.sources.addScheme(vectorsScheme);
    context.sources.addScheme(transformersScheme(context.services.find<TransformersLibrary>(TRANSFORMERS)));
    context.exporters.add(onnxExporter);
    for (const task of [textClassification, sentimentAnalysis]) context.tasks.add(task);
    context.tasks.add(multiLabelClassification);
    context.tasks.add(textSimilarity);
    context.tasks.add(textEmbedding);
    for (const site of SENTIMENT_SITES) context.datasets.add(sentimentDataset(site));
    for (const language of CHAT_LANGUAGES) context.datasets.add(chatTopics(language));
    for (const dataset of [chineseSentiment, chineseSentimentAll, spamAssassin, spamSms, newsBbc])
      context.datasets.add(dataset);
  },
});
