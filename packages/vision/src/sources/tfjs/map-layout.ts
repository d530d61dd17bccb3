/** What a tensor `[batch, ...]` is as a feature map. */
export interface MapLayout {
  /** `[height, width, channels]`, wherever the tensor has its channels. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Whether the tensor is `[batch, channels, height, width]`. */
  readonly channelsFirst: boolean;
  /** Pixels of the picture a cell: a power of two. */
  readonly stride: number;
}

const COARSEST = 128;

/**
 * Reads a shape without its batch axis as a map of a picture: the sides that are the picture's over a power
 * of two, rounded either way. A graph may hold both layouts; where both fit, that of its picture counts.
 * Undefined where neither fits (a map that is padded, say).
 *
 * @param picture height and width in pixels
 */
export function mapLayout(
  shape: readonly number[],
  picture: readonly [number, number],
  preferFirst: boolean,
): MapLayout | undefined {
  if (shape.length !== 3) return undefined;
  const [a, b, c] = shape as [number, number, number];
  const layouts = [false, true].map((channelsFirst) => {
    const map = channelsFirst ? ([b, c, a] as const) : ([a, b, c] as const);
    const stride = strideOf(map, picture);
    return stride === undefined ? undefined : { shape: map, channelsFirst, stride };
  });
  return preferFirst ? (layouts[1] ?? layouts[0]) : (layouts[0] ?? layouts[1]);
}

function strideOf([rows, columns]: readonly number[], picture: readonly [number, number]): number | undefined {
  const fits = (cells: number, side: number, stride: number) =>
    cells === Math.ceil(side / stride) || cells === Math.floor(side / stride);
  for (let stride = 1; stride <= COARSEST; stride *= 2) {
    if (fits(rows!, picture[0], stride) && fits(columns!, picture[1], stride)) return stride;
  }
  return undefined;
}
