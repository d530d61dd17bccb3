import { RandomStream } from '../random/random-stream.ts';
import type { Matrix } from '../transferability/matrix.ts';

const STARTS = 5;
const MOST_ROUNDS = 50;

/**
 * The cluster of each row, from 0: Lloyd's algorithm (1982) from centres drawn far apart (k-means++: Arthur and Vassilvitskii,
 * 2007), the best of five starts. The draws depend on `seed` alone.
 */
export function kMeans(rows: Matrix, clusters: number, seed = 0): Int32Array {
  let best: { parts: Int32Array; cost: number } | undefined;
  for (let start = 0; start < STARTS; start++) {
    const found = settle(rows, drawCentres(rows, clusters, new RandomStream(seed).child('k-means', start)), clusters);
    if (!best || found.cost < best.cost) best = found;
  }
  return best!.parts;
}

function drawCentres(rows: Matrix, clusters: number, random: RandomStream): Float64Array {
  const { columns, values } = rows;
  const centres = new Float64Array(clusters * columns);
  const nearest = new Float64Array(rows.rows).fill(Infinity);
  let chosen = random.int(rows.rows);
  for (let c = 0; c < clusters; c++) {
    for (let j = 0; j < columns; j++) centres[c * columns + j] = values[chosen * columns + j]!;
    let total = 0;
    for (let i = 0; i < rows.rows; i++) {
      nearest[i] = Math.min(nearest[i]!, squaredDistance(rows, i, centres, c));
      total += nearest[i]!;
    }
    let left = random.next() * total;
    chosen = nearest.findIndex((distance) => (left -= distance) < 0);
    if (chosen < 0) chosen = random.int(rows.rows);
  }
  return centres;
}

function settle(rows: Matrix, centres: Float64Array, clusters: number): { parts: Int32Array; cost: number } {
  const { columns, values } = rows;
  const parts = new Int32Array(rows.rows).fill(-1);
  let cost = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let moved = false;
    cost = 0;
    for (let i = 0; i < rows.rows; i++) {
      let [nearest, least] = [0, Infinity];
      for (let c = 0; c < clusters; c++) {
        const distance = squaredDistance(rows, i, centres, c);
        if (distance < least) [nearest, least] = [c, distance];
      }
      if (parts[i] !== nearest) moved = true;
      parts[i] = nearest;
      cost += least;
    }
    if (!moved) break;
    const counts = new Float64Array(clusters);
    for (const part of parts) counts[part]!++;
    for (let c = 0; c < clusters; c++) if (counts[c]! > 0) centres.fill(0, c * columns, (c + 1) * columns);
    for (let i = 0; i < rows.rows; i++)
      for (let j = 0; j < columns; j++)
        centres[parts[i]! * columns + j]! += values[i * columns + j]! / counts[parts[i]!]!;
  }
  return { parts, cost };
}

function squaredDistance({ columns, values }: Matrix, row: number, centres: Float64Array, centre: number): number {
  let sum = 0;
  for (let j = 0; j < columns; j++) sum += (values[row * columns + j]! - centres[centre * columns + j]!) ** 2;
  return sum;
}
