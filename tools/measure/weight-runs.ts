import type { DrawnData } from './drawn-data.ts';

/** A short training run whose weights are compared. */
export interface WeightRun {
  readonly domain: 'pictures' | 'texts' | 'detection';
  readonly strategy: string;
  /** What makes it another run than the others of this strategy. */
  readonly variant?: string;
  /** Of `headstart train`, less seed and folder. */
  readonly args: readonly string[];
}

/** As the command line names it. */
export const runId = ({ domain, strategy, variant }: WeightRun): string =>
  [`${domain}/${strategy}`, ...(variant ? [variant] : [])].join('+');

/**
 * Every built-in strategy on the kinds of data that it can learn from, each in seconds: `lora` adapts matrices, which
 * the networks for pictures have none of. What else a run can be given (views, averages, mixed pictures) is spread over them.
 */
export function weightRuns({ pictures, texts, vectors, scenes }: DrawnData): readonly WeightRun[] {
  // Without a validation split the weights are those of the last step.
  const last = ['--split', '75/0/25'];
  const onPictures = (strategy: string, source: string, ...args: string[]): WeightRun => ({
    domain: 'pictures',
    strategy,
    args: [pictures, '--source', source, '--strategy', strategy, '--batch', '8', ...args],
  });
  const onTexts = (strategy: string, source: string, ...args: string[]): WeightRun => ({
    domain: 'texts',
    strategy,
    args: [texts, '--source', source, '--strategy', strategy, '--batch', '6', ...args],
  });
  const onScenes = (strategy: string, variant?: string, ...args: string[]): WeightRun => ({
    domain: 'detection',
    strategy,
    variant,
    args: [scenes, '--source', 'nanodet-coco', '--strategy', strategy, '--batch', '3', ...last, ...args],
  });
  const network = 'efficientnet-lite0';
  const words = `text-cnn:${vectors}`;
  return [
    onPictures('linear-probe', network, ...last, '--epochs', '5', '--augmentation', 'light', '--views', '2'),
    onPictures(
      'fine-tune',
      network,
      ...last,
      '--epochs',
      '1',
      '--augmentation',
      'standard+mixup',
      '--label-smoothing',
      '0.1',
    ),
    onPictures('gradual-unfreeze', network, ...last, '--epochs', '3', '--ema', '0.9'),
    onPictures('lp-ft', network, '--epochs', '2', '--augmentation', 'randaugment'),
    onPictures('l2-sp', network, ...last, '--epochs', '2'),
    onPictures('contrastive', network, ...last, '--epochs', '2'),
    onPictures(
      'from-scratch',
      'small-cnn:32x32x3',
      '--epochs',
      '6',
      '--patience',
      '2',
      '--augmentation',
      'light+cutmix',
    ),
    onTexts('linear-probe', `vectors:${vectors}`, ...last, '--epochs', '5'),
    onTexts('fine-tune', words, ...last, '--epochs', '3'),
    onTexts('gradual-unfreeze', words, ...last, '--epochs', '3'),
    onTexts('lp-ft', words, ...last, '--epochs', '3', '--ema', '0.9'),
    onTexts('l2-sp', words, '--epochs', '3'),
    onTexts('lora', 'minilm-l6', ...last, '--epochs', '1'),
    onTexts('contrastive', 'minilm-l6', ...last, '--epochs', '1'),
    onTexts('from-scratch', words, ...last, '--epochs', '3', '--label-smoothing', '0.1'),
    onScenes('tune-head', undefined, '--epochs', '2', '--augmentation', 'light', '--views', '2'),
    onScenes('fine-tune', undefined, '--epochs', '1', '--augmentation', 'strong'),
    onScenes('tune-head', 'keep-classes', '--epochs', '2', '--augmentation', 'none', '--keep-classes'),
  ];
}
