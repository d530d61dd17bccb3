import type { RankedCandidate, SourceRanking } from '@headstart/core/inference';
import type { Console } from './console.ts';
import { formatCount, formatDuration, formatMetric } from './format.ts';
import { table } from './table.ts';

/** Sources and layers in the order of their score, what ways without one would choose, and what could not be ranked. */
export function printRanking(console: Console, ranking: SourceRanking): void {
  const { score, samples, classes, candidates, baselines, sources, refused, seconds } = ranking;
  const { outColours: colours, width } = console;
  const number = { align: 'right' } as const;
  const columns = [
    { title: 'source' },
    { title: 'layer' },
    { title: score, ...number },
    ...(score === 'nearest-neighbour' ? [] : [{ title: '1-NN', ...number }]),
    { title: 'width', ...number },
    { title: 'parameters', ...number },
    { title: 'scored in', ...number },
  ];
  const row = (candidate: RankedCandidate) => [
    candidate.source,
    candidate.last ? `${candidate.layer} *` : candidate.layer,
    formatMetric(candidate.score),
    ...(score === 'nearest-neighbour' ? [] : [formatMetric(candidate.nearestNeighbour)]),
    String(candidate.width),
    candidate.parameters === undefined ? '?' : formatCount(candidate.parameters),
    formatDuration(candidate.seconds),
  ];
  const [heading = '', ...rows] = table(columns, candidates.map(row), width);
  console.print(colours.dim(heading));
  for (const line of rows) console.print(line);
  console.print();
  const named = ({ source, layer }: { source: string; layer: string }) => `${source} (${layer})`;
  const computed = sources.reduce((sum, each) => sum + each.computed, 0);
  const features = sources.reduce((sum, each) => sum + each.opening + each.features, 0);
  const facts = [
    ['', '* the layer that heads are put on: what --source takes'],
    ['scored on', `${formatCount(samples)} training samples in ${classes} classes`],
    ...(baselines.size ? [['by size', named(baselines.size)]] : []),
    ['by 1-NN', named(baselines.nearestNeighbour)],
    [
      'time',
      `${formatDuration(seconds.total)}: features ${formatDuration(features)} (${formatCount(computed)} computed), scores ${formatDuration(seconds.scoring)}`,
    ],
    ...refused.map(({ source, reason }) => ['left out', `${source}: ${reason}`]),
  ];
  for (const line of table([{ title: '' }, { title: '' }], facts, width).slice(1)) console.print(line);
}
