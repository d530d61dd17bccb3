import type { Metadata, Sharp } from 'sharp';
import type { DataWarning } from '../domains/reading-notes.ts';

/** How the numbers in a picture do not come through when it is decoded to 8 bits per channel. */
export type PixelRangeFault = 'range' | 'bands';

/** Below this share of the range a picture of many bits is nearly black: three bits are unused, as of 12 bits in 16. */
const DARK = 1 / 8;
const NAMED = 10;

/**
 * Whether a picture's numbers come through: those of 16 bits, of whole numbers with a sign or of floats are taken over the
 * whole range of their colour space, so that 12 bits in 16 decode nearly black, and what is outside is clipped. A TIFF's second or
 * fourth band is taken for transparency, though often it is another measurement.
 * @param opened decodes the picture; asked only for pictures of more than 8 bits
 */
export async function pixelRangeFault(
  { depth, space, format, hasAlpha }: Metadata,
  opened: () => Sharp,
): Promise<PixelRangeFault | undefined> {
  if (format === 'tiff' && hasAlpha) return 'bands';
  if (depth === 'uchar' || space === 'scrgb') return undefined;
  const full = space.endsWith('16') ? 65_535 : 255;
  const { channels } = await opened().stats();
  const least = Math.min(...channels.map(({ min }) => min));
  const most = Math.max(...channels.map(({ max }) => max));
  return least < 0 || most > full || most < full * DARK ? 'range' : undefined;
}

/** The warnings for pictures of a data set, by what is wrong with them. */
export function pixelRangeWarnings(found: readonly { id: string; fault: PixelRangeFault }[]): DataWarning[] {
  const named = (fault: PixelRangeFault) => found.flatMap((one) => (one.fault === fault ? [one.id] : []));
  const [range, bands] = [named('range'), named('bands')];
  const pictures = (ids: readonly string[]) => (ids.length === 1 ? '1 picture has' : `${ids.length} pictures have`);
  return [
    ...(range.length === 0
      ? []
      : [
          {
            code: 'pixel-range',
            message: `${pictures(range)} more than 8 bits per channel, and values that fill little of that range or leave it (12 bits in 16, floats): decoded, it is nearly black or clipped.`,
            hint: 'Stretch them before to 8 bits, all by one factor where brightness counts; with ImageMagick: magick in.tif -auto-level -depth 8 out.png',
            samples: range.slice(0, NAMED),
          },
        ]),
    ...(bands.length === 0
      ? []
      : [
          {
            code: 'tiff-bands',
            message: `${pictures(bands)} a second or fourth band in a TIFF, which is taken for transparency.`,
            hint: 'If it is another measurement (near infrared), write the bands to be seen to files of one or three; with ImageMagick: magick in.tif -alpha off out.png',
            samples: bands.slice(0, NAMED),
          },
        ]),
  ];
}
