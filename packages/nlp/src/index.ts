export { nlp, nlp as default } from './plugin.ts';
export { SENTIMENT_SITES, sentimentDataset, type SentimentSite } from './datasets/sentiment.ts';
export type { TextSample } from './texts/text-sample.ts';
