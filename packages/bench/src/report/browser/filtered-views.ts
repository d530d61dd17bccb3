import type { Filter } from '../filter.ts';
import type { ReportData } from '../report-data.ts';
import { FIRST_PAGES, shownOf, type PagedView } from '../views/shown.ts';
import { VIEWS } from '../views/views.ts';
import { draw } from './draw.ts';

/** Draws the views anew when the reader chooses other cells, or another page of a table. */
export class FilteredViews {
  readonly #data: () => ReportData;
  readonly #form = document.querySelector<HTMLFormElement>('.filters')!;
  #pages = { ...FIRST_PAGES };

  constructor(data: () => ReportData) {
    this.#data = data;
  }

  listen(): void {
    this.#form.addEventListener('submit', (event) => event.preventDefault());
    this.#form.addEventListener('change', () => this.#filter());
    // The fields have their values after the event.
    this.#form.addEventListener('reset', () => setTimeout(() => this.#filter()));
    document.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLButtonElement>('[data-pages-of]');
      if (button) this.#turn(button);
    });
  }

  #filter(): void {
    this.#pages = { ...FIRST_PAGES };
    this.#draw(VIEWS.map(({ id }) => id));
  }

  #turn({ dataset }: HTMLButtonElement): void {
    const view = dataset['pagesOf'] as PagedView;
    this.#pages[view] = Number(dataset['page']);
    this.#draw([view]);
    // The button that was pressed is gone: its place is the table's.
    document
      .querySelector<HTMLElement>(`[data-view=${view}] .pager button:not([disabled])`)
      ?.focus({ preventScroll: true });
  }

  #draw(ids: readonly string[]): void {
    const shown = shownOf(this.#data(), this.#chosen(), this.#pages);
    const [some, all] = [shown.cells.length, shown.data.cells.length];
    this.#form.querySelector('[data-said]')!.textContent = some === all ? '' : `${some} of ${all} cells`;
    for (const view of VIEWS)
      if (ids.includes(view.id)) draw(document.querySelector(`[data-view=${view.id}]`)!, view.draw(shown));
  }

  #chosen(): Filter {
    const { shots, ...names } = Object.fromEntries(
      [...new FormData(this.#form)].filter(([, value]) => value !== ''),
    ) as Readonly<Record<string, string>>;
    return { ...names, ...(shots === undefined ? {} : { shots: shots === 'all' ? shots : Number(shots) }) };
  }
}
