import { HeadstartError } from '@headstart/artifacts/errors';
import type { Sample } from '../../domains/target-domain.ts';
import { colourOf } from '../../images/boxes-svg.ts';
import { uprightSizeOf } from '../../images/decode-pixels.ts';
import { drawThumbnail } from '../../images/draw-boxes.ts';
import { html, type Html } from '../../pages/html.ts';
import type { PictureView } from '../../tasks/sample-view.ts';

/** Longest side of a picture on the page in pixels: twice what is shown, for fine screens. */
const SIDE = 240;
/** The same where boxes are to be seen in it. */
const BOXED_SIDE = 480;
/** Boxes whose class is written over them; of more, the colours have to do. */
const MOST_NAMED = 12;

/** A sample's picture as an `<img>`, its boxes drawn over it; what is wrong with it where it cannot be read. */
export async function thumbnailOf(sample: Sample, picture: PictureView, names: readonly string[]): Promise<Html> {
  const { image, asStored, boxes = [] } = picture;
  const located = { id: sample.id, image };
  const named = boxes.length <= MOST_NAMED;
  const drawn = boxes.map((box, i) => {
    const name = names[sample.objects?.[i]?.label ?? -1] ?? '';
    return { box, colour: colourOf(name), ...(named && { text: name }) };
  });
  try {
    const size = picture.size ?? (await uprightSizeOf(located));
    const side = picture.boxes === undefined ? SIDE : BOXED_SIDE;
    const jpeg = await drawThumbnail({ ...located, ...size, asStored }, drawn, side);
    return html`<img alt="" loading="lazy" src="data:image/jpeg;base64,${jpeg.toString('base64')}">`;
  } catch (error) {
    if (!HeadstartError.is(error)) throw error;
    return html`<p class="bad">${error.message}</p>`;
  }
}
