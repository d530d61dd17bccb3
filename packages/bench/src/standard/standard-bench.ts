import { defineBench } from '../config/bench-config.ts';

/**
 * The benchmark that Headstart measures itself by: what eight examples per class, or the scenes of a small set, come to in
 * pictures, texts and boxes, on the domain that was trained on and on another one; made for two cores and an hour.
 */
export const standardBench = defineBench({
  name: 'Headstart, standard benchmark',
  baseline: 'linear-probe',
  matrices: [
    {
      sources: ['minilm-l6'],
      domains: { train: ['sentiment-amazon'], test: ['sentiment-amazon', 'sentiment-imdb', 'sentiment-yelp'] },
      strategies: ['linear-probe', 'contrastive', 'fine-tune', 'from-scratch'],
      shots: [8],
      seeds: 5,
    },
    {
      sources: ['efficientnet-lite0'],
      // A quarter of the emoji is enough to judge by, in each drawing: judging all takes longer than training.
      domains: { train: ['emoji-google'], test: ['emoji-google', { target: 'emoji-twitter', split: 'test' }] },
      strategies: [
        'linear-probe',
        { strategy: 'lp-ft', options: { epochs: 3 } },
        { strategy: 'fine-tune', options: { epochs: 3 } },
        { strategy: 'from-scratch', options: { epochs: 3 } },
      ],
      shots: [8],
      seeds: 5,
      options: { split: [70, 5, 25] },
    },
    {
      sources: ['nanodet-coco'],
      domains: { train: ['emoji-scenes-google'], test: ['emoji-scenes-google', 'emoji-scenes-twitter'] },
      strategies: [
        { strategy: 'linear-probe', options: { epochs: 10 } },
        { strategy: 'tune-head', options: { epochs: 10 } },
        { strategy: 'fine-tune', options: { epochs: 2 } },
        { strategy: 'from-scratch', options: { epochs: 2 } },
      ],
      seeds: 5,
    },
  ],
});
