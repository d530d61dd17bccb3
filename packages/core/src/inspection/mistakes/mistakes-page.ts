import type { Sample } from '../../domains/target-domain.ts';
import { mapBounded } from '../../images/map-bounded.ts';
import { html, type Html } from '../../pages/html.ts';
import { htmlPage } from '../../pages/html-page.ts';
import { sheet } from '../../pages/parts/parts.ts';
import { dataTable } from '../../pages/tables/data-table.ts';
import { shortened } from '../examples.ts';
import { plural, type View } from '../looked-at.ts';
import { thumbnailOf } from '../page/thumbnail.ts';
import type { Mistake } from './find-mistakes.ts';
import { weighedText, WEIGHTS_STYLE, type WordWeight } from './weighed-text.ts';

const MOST_PICTURES = 60;
const MOST_TEXTS = 100;
/** Texts whose words are weighed: each is predicted once for every word of it. */
export const MOST_WEIGHED = 20;
const MOST_PAIRS = 20;
const TEXT_LENGTH = 600;
const PARALLEL = 4;
/** The least width of a picture's place, in rem. */
const WIDTH = 9;

/** What a page of mistakes is made of. */
export interface MistakesPage {
  readonly title: string;
  /** How many samples were judged. */
  readonly judged: number;
  /** Every mistake, the worst first. */
  readonly mistakes: readonly Mistake[];
  readonly sample: (place: number) => Sample;
  readonly view: View;
  /** How much each word of a text speaks for the label that the model is wrong about; nothing for what is no text. */
  readonly weigh?: (mistake: Mistake) => Promise<readonly WordWeight[] | undefined>;
}

/**
 * A page of the worst mistakes, complete in itself: pictures, or texts with the words that speak for the wrong answer marked;
 * and what is most often taken for what.
 * @returns HTML
 */
export async function mistakesPage(page: MistakesPage): Promise<string> {
  const { title, judged, mistakes, view, sample } = page;
  const pictures = mistakes.some(({ place }) => view(sample(place)).picture !== undefined);
  const most = pictures ? MOST_PICTURES : MOST_TEXTS;
  const worst = mistakes.slice(0, most);
  const shown = mistakes.length > most ? `, the worst ${most} shown` : '';
  const body = pictures ? await pictureSheet(page, worst) : await textTable(page, worst);
  const sections = [
    { title: 'Worst mistakes', note: `${mistakes.length}${shown}`, body },
    { title: 'Most often', body: confusions(mistakes) },
  ];
  const lead = `${plural(judged, 'sample')}, ${plural(mistakes.length, 'mistake')}. The surest wrong answers come first.`;
  return htmlPage({ title, lead, sections: mistakes.length === 0 ? [] : sections, style: WEIGHTS_STYLE });
}

async function pictureSheet({ sample, view }: MistakesPage, worst: readonly Mistake[]): Promise<Html> {
  const pictures = await mapBounded(worst, PARALLEL, async (mistake) => {
    const own = sample(mistake.place);
    const { picture } = view(own);
    return {
      picture: picture && (await thumbnailOf(own, { ...picture, boxes: undefined }, [])),
      caption: html`<b>${mistake.prediction}</b> ${isOther(mistake) && html`${mistake.label} `}${percent(mistake.probability)} for ${mistake.truth}${mistake.ofTruth !== undefined && ` ${percent(mistake.ofTruth)}`} · ${own.id}`,
    };
  });
  return sheet(pictures, WIDTH);
}

async function textTable({ sample, view, weigh }: MistakesPage, worst: readonly Mistake[]): Promise<Html> {
  const rows = [];
  const labelled = worst.some(isOther);
  for (const [i, mistake] of worst.entries()) {
    const own = sample(mistake.place);
    const weights = i < MOST_WEIGHED ? await weigh?.(mistake) : undefined;
    const text = (view(own).texts ?? []).join(' | ');
    rows.push([
      own.id,
      mistake.truth,
      mistake.prediction,
      ...(labelled ? [mistake.label] : []),
      { content: percent(mistake.probability), value: mistake.probability },
      weights ? weighedText(weights) : shortened(text, TEXT_LENGTH),
    ]);
  }
  const label = labelled ? ['label'] : [];
  const numbers = { title: 'probability', numeric: true };
  const columns = ['sample', 'truth', 'prediction', ...label, numbers, { title: 'text', sentences: true }];
  const table = dataTable({ caption: 'The worst mistakes.', columns, rows, wide: true, quiet: true });
  if (!weigh) return table;
  const which = labelled ? 'the label that the model is most wrong about' : 'the predicted label';
  return html`<p>In the first ${MOST_WEIGHED} texts, words are marked by occlusion: red where ${which} is less likely without the word, green where it is likelier. The strongest word of each text has the full colour; by how much the probability changes is shown when the pointer rests on a word.</p>${table}`;
}

/** Whether a mistake is about another label than what was predicted, as it can be of samples with several. */
function isOther({ label, prediction }: Mistake): boolean {
  return label !== prediction;
}

/** What is taken for what, the most often first. */
function confusions(mistakes: readonly Mistake[]): Html {
  const counts = new Map<string, { readonly cells: readonly string[]; count: number }>();
  for (const { truth, prediction } of mistakes) {
    const key = JSON.stringify([truth, prediction]);
    const found = counts.get(key) ?? { cells: [truth, prediction], count: 0 };
    found.count++;
    counts.set(key, found);
  }
  const rows = [...counts.values()]
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_PAIRS)
    .map(({ cells, count }) => [...cells, count]);
  const columns = ['truth', 'taken for', { title: 'samples', numeric: true }];
  return dataTable({ caption: 'What is most often taken for what.', columns, rows });
}

const percent = (probability: number) => `${(100 * probability).toFixed(1)}%`;
