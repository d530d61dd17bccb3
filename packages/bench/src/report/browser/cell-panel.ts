import type { ReportData } from '../report-data.ts';
import { addressOf, readAddress } from '../address.ts';
import { cellDetail } from './cell-detail.ts';
import { draw } from './draw.ts';
import { once } from './once.ts';

/** Opens the cell that the page's address names, under the table of cells. */
export class CellPanel {
  readonly #data: () => ReportData;
  readonly #cells: () => ReadonlyMap<string, ReportData['cells'][number]>;
  readonly #place: HTMLElement;

  constructor(data: () => ReportData, place: HTMLElement) {
    this.#data = data;
    this.#place = place;
    this.#cells = once(() => new Map(data().cells.map((cell) => [cell.key, cell])));
  }

  listen(): void {
    addEventListener('hashchange', () => this.#follow());
    // A link to the cell that is open already leads nowhere else.
    document.addEventListener('click', (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="#cell-"]');
      if (link && readAddress(link.hash).cell === readAddress(location.hash).cell) {
        event.preventDefault();
        this.#follow();
      }
    });
    this.#place.addEventListener('click', (event) => {
      if ((event.target as Element).closest('.close')) this.#close();
    });
    addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#place.contains(document.activeElement)) this.#close();
    });
    this.#follow();
  }

  #follow(): void {
    const { cell: key } = readAddress(location.hash);
    if (key === undefined) return;
    const cell = this.#cells().get(key);
    draw(this.#place, cell ? cellDetail(cell, this.#data()) : '<p>There is no such cell in this report.</p>');
    const opened = this.#place.querySelector<HTMLElement>('.cell');
    (opened ?? this.#place).scrollIntoView();
    opened?.focus({ preventScroll: true });
  }

  /** Goes back to where the cell was opened from, if it is still shown. */
  #close(): void {
    const { cell = '', filters } = readAddress(location.hash);
    const link = document.querySelector<HTMLElement>(`[data-view=cells] a[href="#${CSS.escape(cell)}"]`);
    this.#place.replaceChildren();
    history.pushState(undefined, '', location.pathname + location.search + addressOf(filters ? { filters } : {}));
    link?.focus();
  }
}
