import { gradCam } from '@headstart/core/network';
import type { ExplainRequest } from '@headstart/core';
import { decodePixels, uprightSizeOf, type Colour, type Pixels, type Size } from '@headstart/core/images';
import sharp from 'sharp';
import type { ImageSample } from '../images/image-sample.ts';
import { plainBox } from '../images/plain-box.ts';
import type { ImagePreprocessing } from '../sources/image-preprocessing.ts';
import { overlayHeat } from './heat-overlay.ts';

/** The longer side of the explanation, in pixels: large pictures are scaled down, small ones up. */
const SIDE = { least: 256, most: 1024 };
const CAPTION = { height: 36, text: 18 };

/**
 * A PNG that shows where in a picture the network sees a class: Grad-CAM over the upright picture,
 * with the class and its probability below (and in the file's description).
 * @param probabilityOf the probability of a label by the logits of all
 * @throws HeadstartError `not-supported`, `sample-unreadable`
 */
export async function explainImage(
  request: ExplainRequest<ImageSample>,
  background: Colour,
  probabilityOf: (logits: Float32Array, label: number) => number,
): Promise<Uint8Array> {
  const { sample, backbone, head, labels, encoder } = request;
  const inputs = await encoder.encode(sample, { kind: 'plain' });
  const heat = await gradCam({ backbone, head, inputs, specs: encoder.inputs, label: request.label });
  const probability = probabilityOf(heat.logits, heat.label);
  const size = shownSize(await uprightSizeOf(sample));
  const picture = await decodePixels(sample, { ...size, interpolation: 'bicubic', background });
  const box = plainBox(backbone.input.preprocessing as ImagePreprocessing)?.(size) ?? { left: 0, top: 0, ...size };
  return withCaption(overlayHeat(picture, heat, box), `${labels[heat.label]!} ${(100 * probability).toFixed(1)}%`);
}

function shownSize({ width, height }: Size): Size {
  const longer = Math.max(width, height);
  const scale = Math.min(SIDE.most, Math.max(SIDE.least, longer)) / longer;
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

async function withCaption({ data, width, height }: Pixels, text: string): Promise<Uint8Array> {
  const caption = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${CAPTION.height}">
<rect width="100%" height="100%" fill="#202124"/>
<text x="10" y="${CAPTION.height - 12}" font-family="sans-serif" font-size="${CAPTION.text}" fill="#ffffff">${escapeXml(text)}</text></svg>`;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .extend({ bottom: CAPTION.height })
    .composite([{ input: Buffer.from(caption), left: 0, top: height }])
    .withExif({ IFD0: { ImageDescription: text } })
    .png()
    .toBuffer();
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`).replace(/\p{Cc}/gu, ' ');
}
