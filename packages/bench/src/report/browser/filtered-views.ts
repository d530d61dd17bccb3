import type { Filter } from '../filter.ts';
import type { ReportData } from '../report-data.ts';
import { FIRST_PAGES, shownOf, type PagedView } from '../views/shown.ts';
import { NOTHING, VIEWS } from '../views/views.ts';
import { addressOf, readAddress } from '../address.ts';
import { draw } from './draw.ts';

/**
 * Draws the views anew when the reader chooses other cells, or another page of a table. What is chosen stands in the
 * page's address, so that a link to it shows the same.
 */
export class FilteredViews {
  readonly #data: () => ReportData;
  readonly #form = document.querySelector<HTMLFormElement>('.filters')!;
  #pages = { ...FIRST_PAGES };

  constructor(data: () => ReportData) {
    this.#data = data;
  }

  listen(): void {
    this.#form.addEventListener('submit', (event) => event.preventDefault());
    this.#form.addEventListener('change', () => this.#choose());
    // The fields have their values after the event.
    this.#form.addEventListener('reset', () => setTimeout(() => this.#choose()));
    addEventListener('hashchange', () => this.#follow());
    document.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLButtonElement>('[data-pages-of]');
      if (button) this.#turn(button);
    });
    if (readAddress(location.hash).filters) this.#follow();
  }

  /** The reader has set a field: the address says so, and the views follow. */
  #choose(): void {
    this.#writeAddress();
    this.#filter();
  }

  #writeAddress(): void {
    const address = addressOf({ ...readAddress(location.hash), filters: new URLSearchParams(this.#fields()) });
    history.replaceState(undefined, '', address || location.pathname + location.search);
  }

  /** The address has changed. A link to a cell says nothing of filters, and leaves them. */
  #follow(): void {
    const { cell, filters = new URLSearchParams() } = readAddress(location.hash);
    if (cell !== undefined && !readAddress(location.hash).filters) return this.#writeAddress();
    if (filters.toString() === new URLSearchParams(this.#fields()).toString()) return;
    const absent: string[] = [];
    for (const field of this.#form.querySelectorAll('select')) {
      const wanted = filters.get(field.name) ?? '';
      const isThere = [...field.options].some(({ value }) => value === wanted);
      field.value = isThere ? wanted : '';
      if (!isThere) absent.push(`${field.name} ${wanted}`);
    }
    this.#filter(absent);
  }

  /** @param absent what was asked for and is not in this report */
  #filter(absent: readonly string[] = []): void {
    this.#pages = { ...FIRST_PAGES };
    this.#draw(
      VIEWS.map(({ id }) => id),
      absent,
    );
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

  #draw(ids: readonly string[], absent: readonly string[] = []): void {
    const shown = shownOf(this.#data(), this.#chosen(), this.#pages);
    const [some, all] = [shown.cells.length, shown.data.cells.length];
    this.#form.querySelector('[data-said]')!.textContent = [
      ...(some === all ? [] : [`${some} of ${all} cells`]),
      ...absent.map((what) => `there is no ${what} in this report`),
    ].join('; ');
    for (const view of VIEWS) {
      const place = ids.includes(view.id) && document.querySelector(`[data-view=${view.id}]`);
      if (place) draw(place, view.draw(shown) ?? NOTHING);
    }
  }

  #chosen(): Filter {
    const { shots, ...names } = this.#fields();
    return { ...names, ...(shots === undefined ? {} : { shots: shots === 'all' ? shots : Number(shots) }) };
  }

  /** The fields that are set. */
  #fields(): Readonly<Record<string, string>> {
    return Object.fromEntries([...new FormData(this.#form)].filter(([, value]) => value !== '')) as Record<
      string,
      string
    >;
  }
}
