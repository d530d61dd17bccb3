import { HeadstartError } from '@headstart/artifacts/errors';
import type { Sample } from '../../domains/target-domain.ts';
import { colourOf } from '../../images/boxes-svg.ts';
import { uprightSizeOf } from '../../images/decode-pixels.ts';
import { drawThumbnail } from '../../images/draw-boxes.ts';
import { mapBounded } from '../../images/map-bounded.ts';
import { escapeXml } from '../../pages/escape-xml.ts';
import type { PictureView } from '../../tasks/sample-view.ts';
import type { ShownGroup } from '../shown-samples.ts';
import type { View } from '../looked-at.ts';

/** Longest side of a picture on the page in pixels: twice what is shown, for fine screens. */
const SIDE = 240;
/** The same where boxes are to be seen in it. */
const BOXED_SIDE = 480;
const PARALLEL = 4;
/** Boxes whose class is written over them; of more, the colours have to do. */
const MOST_NAMED = 12;

/** A part of the page for each class: its pictures split by split, boxes drawn over them. */
export async function contactSheet(
  groups: readonly ShownGroup[],
  names: readonly string[],
  view: View,
): Promise<string> {
  const shown = groups.flatMap(({ samples }) => samples);
  const figures = await mapBounded(shown, PARALLEL, (sample) => figureOf(sample, names, view));
  const figureFor = new Map(shown.map((sample, i) => [sample, figures[i]!]));
  return [...new Set(groups.map(({ label }) => label))]
    .map((label) => {
      const own = groups.filter((group) => group.label === label);
      const name = label === undefined ? 'without a class' : names[label]!;
      const sheets = own.map(({ split, samples, count }) => {
        const more = count > samples.length ? `, ${samples.length} shown` : '';
        const pictures = samples.map((sample) => figureFor.get(sample)!).join('\n');
        return `<h4>${split} <small>${count.toLocaleString('en-US')}${more}</small></h4><div class="sheet">${pictures}</div>`;
      });
      return `<section><h3>${escapeXml(name)}</h3>${sheets.join('\n')}</section>`;
    })
    .join('\n');
}

async function figureOf(sample: Sample, names: readonly string[], view: View): Promise<string> {
  const caption = escapeXml(sample.id);
  const { picture } = view(sample);
  const wide = picture?.boxes === undefined ? '' : ' class="boxed"';
  const shown = picture ? await pictureOf(sample, picture, names) : '';
  return `<figure${wide}>${shown}<figcaption title="${caption}">${caption}</figcaption></figure>`;
}

async function pictureOf(sample: Sample, picture: PictureView, names: readonly string[]): Promise<string> {
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
    return `<img alt="" loading="lazy" src="data:image/jpeg;base64,${jpeg.toString('base64')}">`;
  } catch (error) {
    if (!HeadstartError.is(error)) throw error;
    return `<p class="unread">${escapeXml(error.message)}</p>`;
  }
}
