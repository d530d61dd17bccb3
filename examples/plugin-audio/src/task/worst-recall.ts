import type { Metric } from '@headstart/core/metrics';

/** The recall of the keyword that is heard worst: a device is as good as the word that it misses most. */
export const worstRecall: Metric<'classification'> = {
  id: 'worstRecall',
  kind: 'classification',
  description: 'The lowest recall of any class that the split has samples of',
  compute({ labels, probabilities, truth }) {
    const [hits, counts] = [new Array<number>(labels.length).fill(0), new Array<number>(labels.length).fill(0)];
    truth.forEach((label, i) => {
      const row = probabilities.subarray(i * labels.length, (i + 1) * labels.length);
      counts[label]!++;
      if (row.indexOf(Math.max(...row)) === label) hits[label]!++;
    });
    return Math.min(...counts.flatMap((count, label) => (count > 0 ? [hits[label]! / count] : [])));
  },
};
