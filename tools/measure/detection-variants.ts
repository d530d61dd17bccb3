/**
 * How cells get their objects, what the boxes' loss is, how pictures are altered, and whether weights are averaged:
 * the same network on `emoji-scenes` with each choice and one budget, tested on the vendor trained on and, the same
 * layouts, on another's drawings. A variant names what it does otherwise than `base`: an assignment, `ciou`, a policy,
 * `ema`; several joined by `+`.
 *
 *   npm run measure -- detection-variants [head|whole] [epochs=14] [seed=0] [base adaptive sim-ota+ciou+strong …]
 */
import { compose } from '../workspace/compose.ts';

import { silentProgress, type TransferRequest } from '@headstart/core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BUDGETS: Readonly<Record<string, Partial<TransferRequest>>> = {
  head: { strategy: 'tune-head', epochs: 14, batchSize: 16, learningRate: 1e-3, augmentation: 'standard', views: 4 },
  whole: { strategy: 'lp-ft', epochs: 4, batchSize: 4, augmentation: 'none' },
};
const ASSIGNMENTS = ['adaptive', 'task-aligned', 'sim-ota'];
const OVERLAPS = ['giou', 'ciou'];
/** About as many steps as a third of an epoch of the longer budgets. */
const EMA = 0.99;

function requestOf(variant: string): Partial<TransferRequest> {
  const parts = variant.split('+').filter((part) => part !== 'base');
  const assignment = parts.find((part) => ASSIGNMENTS.includes(part));
  const overlap = parts.find((part) => OVERLAPS.includes(part));
  const augmentation = parts.find((part) => ![...ASSIGNMENTS, ...OVERLAPS, 'ema'].includes(part));
  const options = [...(assignment ? [`assignment=${assignment}`] : []), ...(overlap ? [`overlap=${overlap}`] : [])];
  return {
    ...(options.length > 0 && { task: `object-detection:${options.join(',')}` }),
    ...(augmentation && { augmentation }),
    ...(parts.includes('ema') && { ema: EMA }),
  };
}

const named = process.argv.slice(2);
const setting = (name: string) => named.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
const budgets = Object.keys(BUDGETS).filter((budget) => named.includes(budget));
const variants = named.filter((each) => !each.includes('=') && !(each in BUDGETS));
const epochs = setting('epochs');

const folder = await mkdtemp(join(tmpdir(), 'headstart-variants-'));
const headstart = await compose(silentProgress);
let runs = 0;
try {
  for (const budget of budgets.length > 0 ? budgets : Object.keys(BUDGETS)) {
    for (const variant of variants.length > 0
      ? variants
      : ['base', 'adaptive', 'sim-ota', 'ciou', 'mosaic', 'paste', 'strong', 'ema']) {
      const warnings: string[] = [];
      const result = await headstart.train(
        {
          target: 'emoji-scenes-google',
          seed: Number(setting('seed') ?? 0),
          out: join(folder, String(++runs)),
          ...BUDGETS[budget],
          ...(epochs && { epochs: Number(epochs) }),
          ...requestOf(variant),
        },
        { events: { warning: (message) => void warnings.push(message) } },
      );
      const model = await headstart.load(result.model);
      const cross = (await model.evaluate('emoji-scenes-twitter', { split: 'test' })).metrics.values;
      const own = result.metrics['test']!;
      const number = (value: number | undefined) => (value ?? NaN).toFixed(3);
      const { features, training } = result.seconds;
      console.log(
        `${budget.padEnd(6)} ${variant.padEnd(28)} test AP ${number(own['AP'])} AP50 ${number(own['AP50'])} AP75 ${number(own['AP75'])}  cross AP ${number(cross['AP'])} AP50 ${number(cross['AP50'])}  features + training s: ${features.toFixed(0)} + ${training.toFixed(0)}`,
      );
      warnings.forEach((warning) => console.log(`  ${warning}`));
      model.dispose();
    }
  }
} finally {
  await headstart.close();
  await rm(folder, { recursive: true });
}
