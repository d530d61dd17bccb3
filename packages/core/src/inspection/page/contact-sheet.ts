import type { Sample } from '../../domains/target-domain.ts';
import { mapBounded } from '../../images/map-bounded.ts';
import { html, type Html } from '../../pages/html.ts';
import { grid, sheet, type SheetPicture } from '../../pages/parts/parts.ts';
import type { View } from '../looked-at.ts';
import type { ShownGroup } from '../shown-samples.ts';
import { count } from './count.ts';
import { thumbnailOf } from './thumbnail.ts';

const PARALLEL = 4;
/** Least widths in rem: of a picture, of one with boxes, and of a split's pictures. */
const WIDTH = { picture: 6.5, boxed: 12, split: 22 };

/** A part of the page for each class: its pictures split by split, boxes drawn over them. */
export async function contactSheet(groups: readonly ShownGroup[], names: readonly string[], view: View): Promise<Html> {
  const shown = groups.flatMap(({ samples }) => samples);
  const pictures = await mapBounded(shown, PARALLEL, (sample) => sheetPicture(sample, names, view));
  const pictureFor = new Map(shown.map((sample, i) => [sample, pictures[i]!]));
  const boxed = shown.some((sample) => view(sample).picture?.boxes !== undefined);
  const classes = [...new Set(groups.map(({ label }) => label))].map((label) => {
    const own = groups.filter((group) => group.label === label);
    const splits = own.map(({ split, samples, count: all }) => {
      const more = all > samples.length && `, ${samples.length} shown`;
      const own = samples.map((sample) => pictureFor.get(sample)!);
      return html`<h4>${split} <small>${count(all)}${more}</small></h4>${sheet(own, boxed ? WIDTH.boxed : WIDTH.picture)}`;
    });
    const name = label === undefined ? 'without a class' : names[label]!;
    return html`<div class="stack"><h3>${name}</h3>${grid(splits, WIDTH.split)}</div>`;
  });
  return html`<div class="classes">${classes}</div>`;
}

async function sheetPicture(sample: Sample, names: readonly string[], view: View): Promise<SheetPicture> {
  const { picture } = view(sample);
  return { picture: picture && (await thumbnailOf(sample, picture, names)), caption: sample.id };
}
