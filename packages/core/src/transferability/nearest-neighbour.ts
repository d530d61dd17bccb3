import type { Labelled } from './labelled.ts';
import { rowProducts } from './matrix.ts';

/**
 * The share of samples whose nearest other sample, by Euclidean distance, is of their class: the accuracy of a classifier by
 * the nearest neighbour (Cover and Hart, 1967), each sample left out in turn. Of neighbours that are as near the first counts.
 */
export function nearestNeighbourAccuracy({ features, labels }: Labelled): number {
  const { rows } = features;
  const products = rowProducts(features);
  let right = 0;
  for (let i = 0; i < rows; i++) {
    let [nearest, least] = [-1, Infinity];
    for (let j = 0; j < rows; j++) {
      const distance = products[j * rows + j]! - 2 * products[i * rows + j]!;
      if (j !== i && distance < least) [nearest, least] = [j, distance];
    }
    if (nearest >= 0 && labels[nearest] === labels[i]) right++;
  }
  return right / rows;
}
