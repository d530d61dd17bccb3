import { html, type Html } from '../html.ts';
import { round } from './axes.ts';
import { fitText, textWidth } from './text-width.ts';

/** The widest that names on the left may take, in pixels. */
const MOST = 280;

/** How much room names on the left need. */
export function labelWidth(names: readonly string[]): number {
  return Math.round(Math.min(MOST, Math.max(40, ...names.map((name) => textWidth(name))))) + 16;
}

/** Names of rows, right before the plot; long ones cut, and whole where they are pointed at. */
export function rowLabels(names: readonly string[], left: number, middle: (row: number) => number): Html {
  return html`${names.map((name, i) => {
    const shown = fitText(name, left - 16);
    return html`<text x="${left - 8}" y="${round(middle(i) + 4)}" text-anchor="end">${shown}${shown !== name && html`<title>${name}</title>`}</text>`;
  })}
`;
}
