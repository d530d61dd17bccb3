import { mapBounded } from '../../images/map-bounded.ts';
import { html, type Html } from '../../pages/html.ts';
import { grid, sheet, type SheetPicture } from '../../pages/parts/parts.ts';
import { dataTable } from '../../pages/tables/data-table.ts';
import { classesOf, shortened } from '../examples.ts';
import type { Sample } from '../../domains/target-domain.ts';
import type { View } from '../looked-at.ts';
import type { NearBetween, NearPair, Side } from '../near/near-duplicates.ts';
import { count } from './count.ts';
import { thumbnailOf } from './thumbnail.ts';

/** Pairs that are shown between two sides. */
const MOST_PAIRS = 24;
const PARALLEL = 4;
const TEXT_LENGTH = 300;
/** Least widths in rem: of a picture, and of a pair. */
const WIDTH = { picture: 6.5, pair: 15 };

export interface NearSheetOptions {
  readonly names: readonly string[];
  readonly view: View;
}

/** Samples that are nearly the same, side by side: the likest of each two sides. @param against the other data's id */
export async function nearSheet(
  between: readonly NearBetween[],
  { names, view }: NearSheetOptions,
  against?: string,
): Promise<Html> {
  const parts: Html[] = [];
  for (const { sides, samples, pairs } of between) {
    const [first, second] = sides.map((side) => nameOf(side, against)) as [string, string];
    const shown = pairs.slice(0, MOST_PAIRS);
    const title = first === second ? `Within ${first}` : `Between ${first} and ${second}`;
    const more = samples > shown.length && `, the likest ${shown.length} shown`;
    const pictures = shown[0] !== undefined && view(shown[0].first).picture !== undefined;
    const truth = { names, view, sides };
    const body = pictures ? await pictureSheet(shown, truth) : textTable(shown, truth, [first, second]);
    parts.push(html`<div class="stack"><h3>${title} <small>${count(samples)}${more}</small></h3>${body}</div>`);
  }
  return html`<div class="classes">${parts}</div>`;
}

const nameOf = (side: Side, against = 'the other data') => (side === 'against' ? against : side);

interface Shown extends NearSheetOptions {
  readonly sides: NearBetween['sides'];
}

async function pictureSheet(pairs: readonly NearPair[], shown: Shown): Promise<Html> {
  const sheets = await mapBounded(pairs, PARALLEL, async ({ first, second, likeness }) => {
    const both = [await pictureOf(first, shown, 0), await pictureOf(second, shown, 1)];
    return html`<div class="pair" title="${likeness.toFixed(3)}">${sheet(both, WIDTH.picture)}</div>`;
  });
  return grid(sheets, WIDTH.pair);
}

async function pictureOf(sample: Sample, { names, view, sides }: Shown, at: 0 | 1): Promise<SheetPicture> {
  const { picture } = view(sample);
  const caption = [sample.id, ...classNames(sample, names, sides[at])].join(' · ');
  // The classes of other data have other numbers.
  const boxNames = sides[at] === 'against' ? [] : names;
  return { picture: picture && (await thumbnailOf(sample, picture, boxNames)), caption };
}

function textTable(pairs: readonly NearPair[], { names, view, sides }: Shown, titles: readonly [string, string]): Html {
  const said = (sample: Sample) => shortened((view(sample).texts ?? []).join(' / '), TEXT_LENGTH);
  const named = (sample: Sample, at: 0 | 1) => [sample.id, ...classNames(sample, names, sides[at])].join(' · ');
  return dataTable({
    caption:
      'Texts that are nearly the same, and how alike they are: the share of pieces that both have, or the cosine of embeddings.',
    columns: ['sample', `text of ${titles[0]}`, 'sample', `text of ${titles[1]}`, { title: 'alike', numeric: true }],
    rows: pairs.map(({ first, second, likeness }) => [
      named(first, 0),
      said(first),
      named(second, 1),
      said(second),
      Number(likeness.toFixed(3)),
    ]),
    wide: true,
  });
}

/** What a sample's classes are called; not of other data. */
function classNames(sample: Sample, names: readonly string[], side: Side): string[] {
  if (side === 'against') return [];
  return [
    classesOf(sample)
      .map((label) => names[label]!)
      .join(', '),
  ].filter((name) => name !== '');
}
