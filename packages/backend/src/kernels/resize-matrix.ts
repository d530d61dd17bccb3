/** How a resize places its samples. */
export interface ResizePlacing {
  alignCorners: boolean;
  halfPixelCenters: boolean;
}

/**
 * What each place of a resized axis takes of the axis, `[to, from]` by rows: TensorFlow's `ResizeBilinear` (two places,
 * by their distance) or `ResizeNearestNeighbor` (one).
 */
export function resizeMatrix(
  method: 'bilinear' | 'nearest',
  from: number,
  to: number,
  { alignCorners, halfPixelCenters }: ResizePlacing,
): Float32Array {
  const matrix = new Float32Array(to * from);
  const scale = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  for (let i = 0; i < to; i++) {
    if (method === 'nearest') {
      const place = halfPixelCenters ? (i + 0.5) * scale : i * scale;
      matrix[i * from + Math.min(from - 1, alignCorners ? Math.round(place) : Math.floor(place))] = 1;
      continue;
    }
    const place = halfPixelCenters ? (i + 0.5) * scale - 0.5 : i * scale;
    const lower = Math.floor(place);
    const share = place - lower;
    matrix[i * from + Math.max(lower, 0)]! += 1 - share;
    matrix[i * from + Math.min(lower + 1, from - 1)]! += share;
  }
  return matrix;
}
