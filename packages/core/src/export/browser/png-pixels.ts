/** Bytes per pixel of the kinds that are read here: 8 bits a sample, with alpha. */
const SAMPLES: Readonly<Record<number, number>> = { 3: 1, 4: 2, 6: 4 };
const GREY_ALPHA = 4;
const PALETTE = 3;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

interface Png {
  readonly width: number;
  readonly height: number;
  readonly colourType: number;
  readonly palette: Uint8Array;
  readonly alphas: Uint8Array;
  readonly data: Blob;
}

/**
 * The pixels of a PNG file as it stores them, `[height, width, 4]`: browsers give them only multiplied by their alpha,
 * and rounded. Undefined for what is not such a file, or one of 16 bits, of few bits, or interlaced.
 * (W3C, "Portable Network Graphics Specification", third edition.)
 */
export async function pngPixels(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  const png = parse(bytes);
  if (!png) return undefined;
  try {
    const stream = png.data.stream().pipeThrough(new DecompressionStream('deflate'));
    const filtered = new Uint8Array(await new Response(stream).arrayBuffer());
    return colours(png, unfilter(png, filtered));
  } catch {
    // What the browser has decoded all the same is taken from it.
    return undefined;
  }
}

function parse(bytes: Uint8Array): Png | undefined {
  if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let [palette, alphas] = [new Uint8Array(), new Uint8Array()];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const content = bytes.slice(at + 8, at + 8 + length);
    if (name === 'PLTE') palette = content;
    if (name === 'tRNS') alphas = content;
    if (name === 'IDAT') parts.push(content);
    at += length + 12;
  }
  const [depth, colourType, interlaced] = [bytes[24], bytes[25]!, bytes[28]];
  if (depth !== 8 || interlaced !== 0 || SAMPLES[colourType] === undefined) return undefined;
  const data = new Blob(parts as BlobPart[]);
  return { width: view.getUint32(16), height: view.getUint32(20), colourType, palette, alphas, data };
}

/** Takes back, row by row, what each was predicted from: the byte to the left, above, both or the nearest of three. */
function unfilter({ width, height, colourType }: Png, filtered: Uint8Array): Uint8Array {
  const pixel = SAMPLES[colourType]!;
  const row = pixel * width;
  if (filtered.length !== (row + 1) * height) throw new RangeError('The file ends early.');
  const values = new Uint8Array(row * height);
  for (let y = 0; y < height; y++) {
    const filter = filtered[y * (row + 1)]!;
    for (let i = 0; i < row; i++) {
      const at = y * row + i;
      const left = i < pixel ? 0 : values[at - pixel]!;
      const above = y === 0 ? 0 : values[at - row]!;
      const corner = i < pixel || y === 0 ? 0 : values[at - row - pixel]!;
      values[at] = filtered[y * (row + 1) + 1 + i]! + predicted(filter, left, above, corner);
    }
  }
  return values;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  const [toLeft, toAbove, toCorner] = [left, above, corner].map((value) => Math.abs(left + above - corner - value)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

function colours({ width, height, colourType, palette, alphas }: Png, values: Uint8Array): Uint8Array {
  if (colourType !== PALETTE && colourType !== GREY_ALPHA) return values;
  const result = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    if (colourType === GREY_ALPHA) {
      result.fill(values[2 * i]!, 4 * i, 4 * i + 3);
      result[4 * i + 3] = values[2 * i + 1]!;
    } else {
      const entry = values[i]!;
      result.set(palette.subarray(3 * entry, 3 * entry + 3), 4 * i);
      result[4 * i + 3] = alphas[entry] ?? 255;
    }
  }
  return result;
}
