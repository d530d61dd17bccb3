import { enlarge } from '../../images/enlarge.ts';
import { centredBox, frameOf, layIntoFrame, type Fit, type Frame } from '../../images/frame.ts';
import type { Box, Colour, Interpolation, Pixels, Size } from '../../images/image.ts';
import { normalise, type PixelScale } from '../../images/normalise.ts';
import { planDecode } from '../../images/plan-decode.ts';
import type { PageInput, PageSample, PageTensors } from './contract.ts';
import { picturePixels, type DecodedPicture } from './picture-pixels.ts';
import { reduce } from './reduce.ts';
import { factorOnLoad, shrinkOnLoad } from './shrink-on-load.ts';

/** How pictures become a network's input; `input` of headstart.json. */
export interface PictureInput extends PixelScale, Size {
  readonly kind: 'picture';
  /** The network's name for it: `[1, height, width, channels]`. */
  readonly tensor: string;
  readonly fit: Fit | 'crop';
  /** With `crop`: the share of the largest centred part's sides that is kept. */
  readonly cropFraction?: number;
  readonly interpolation: Exclude<Interpolation, 'nearest'>;
  /** What shows through transparent pixels. */
  readonly background: Colour;
}

/** What a network is given of a picture. */
export async function encodePicture(
  input: PageInput,
  settings: PictureInput,
): Promise<{ tensors: PageTensors; sample: PageSample }> {
  const picture = await picturePixels(input, settings.background);
  const { pixels, frame } = placePicture(picture, settings);
  const { width, height, channels, tensor } = settings;
  return {
    tensors: { [tensor]: { data: normalise(pixels, settings), shape: [1, height, width, channels] } },
    sample: { picture: { width: picture.width, height: picture.height, frame } },
  };
}

/** Resizes a picture and puts it where it belongs in the input. */
export function placePicture(picture: DecodedPicture, settings: PictureInput): { pixels: Pixels; frame?: Frame } {
  if (settings.fit === 'crop') {
    const box = centredBox(settings, settings.cropFraction ?? 1)(picture);
    return { pixels: resize(picture, box, settings, settings.interpolation) };
  }
  const frame = frameOf(picture, { ...settings, fit: settings.fit });
  const whole = { left: 0, top: 0, width: picture.width, height: picture.height };
  return { pixels: layIntoFrame(resize(picture, whole, frame, settings.interpolation), frame, settings), frame };
}

/** A box of a picture in `wanted` pixels, as `decodePixels` gives it in Node. */
function resize(picture: DecodedPicture, box: Box, wanted: Size, interpolation: PictureInput['interpolation']): Pixels {
  const plan = planDecode(picture, box, wanted);
  const factor = picture.jpeg ? factorOnLoad(picture, { width: plan.x.resized, height: plan.y.resized }) : 1;
  const loaded = factor === 1 ? picture : shrinkOnLoad(picture, factor);
  const { width, height } = wanted;
  return enlarge(
    reduce(loaded, plan, interpolation),
    { x: plan.x.span, y: plan.y.span },
    { width, height, interpolation },
  );
}
