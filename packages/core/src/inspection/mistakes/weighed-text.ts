import { attributes, html, type Html } from '../../pages/html.ts';

/** A word of a text with the white space before it, and how much it speaks for a label: from -1 to 1. */
export interface WordWeight {
  readonly word: string;
  readonly weight: number;
}

/** Below this a word says nothing. */
const LEAST = 0.01;

/** The share of the colour in the strongest word, in percent: with more of it light letters on a dark page are hard to read. */
const STRONGEST = 40;

/** Colours that are mixed with the page's own, so that the words stay legible in light and dark. */
export const WEIGHTS_STYLE = `
mark { color: inherit; background: color-mix(in srgb, var(--bad) var(--weight), transparent); border-radius: 2px; }
mark.against { background: color-mix(in srgb, var(--good) var(--weight), transparent); }
`;

/** A text whose words are marked by what they say, the strongest word of it at full strength; the number is each word's title. */
export function weighedText(words: readonly WordWeight[]): Html {
  const most = Math.max(LEAST, ...words.map(({ weight }) => Math.abs(weight)));
  return html`${words.map(({ word, weight }) => {
    const [, space = '', own = ''] = /^(\s*)(.*)$/su.exec(word) ?? [];
    if (Math.abs(weight) < LEAST) return word;
    const strength = `--weight: ${Math.round((STRONGEST * Math.abs(weight)) / most)}%`;
    const said = `${weight > 0 ? '+' : ''}${weight.toFixed(3)}`;
    return html`${space}<mark${attributes({ class: weight < 0 && 'against', style: strength, title: said })}>${own}</mark>`;
  })}`;
}
