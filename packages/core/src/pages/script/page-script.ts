/**
 * The script of every page: a button for the other theme, headers that sort, scrolled places that the keyboard reaches, and all details
 * opened for print. What another script draws later is taken in when its place tells so by a bubbling event `headstart:drawn`. A page says the same without it. It runs in the head, so that the theme that was chosen is there from the first picture on.
 */
export const PAGE_SCRIPT = `(() => {
  const root = document.documentElement;
  const remembered = (write) => { try { return write ? localStorage.setItem('theme', write) : localStorage.getItem('theme'); } catch { return null; } };
  const chosen = remembered();
  if (chosen === 'light' || chosen === 'dark') root.dataset.theme = chosen;

  const takeTheme = (button) => {
    const system = matchMedia('(prefers-color-scheme: dark)');
    const theme = () => root.dataset.theme ?? (system.matches ? 'dark' : 'light');
    const show = () => { button.textContent = theme() === 'dark' ? 'Light theme' : 'Dark theme'; };
    button.hidden = false;
    button.addEventListener('click', () => { root.dataset.theme = theme() === 'dark' ? 'light' : 'dark'; remembered(root.dataset.theme); show(); });
    system.addEventListener('change', show);
    show();
  };

  const makeSortable = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    const body = table.tBodies[0];
    const key = (row, column) => { const cell = row.cells[column]; return cell.dataset.value ?? cell.textContent.trim(); };
    const compare = (numeric, sign) => (a, b) => {
      if (!numeric) return sign * a.localeCompare(b, 'en', { numeric: true });
      const [x, y] = [a, b].map((text) => (text === '' ? NaN : Number(text)));
      return Number.isNaN(x) ? (Number.isNaN(y) ? 0 : 1) : Number.isNaN(y) ? -1 : sign * (x - y);
    };
    heads.forEach((head, column) => {
      if (head.textContent.trim() === '') return;
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => {
        const numeric = head.classList.contains('n');
        const first = numeric ? 'descending' : 'ascending';
        const order = head.getAttribute('aria-sort') === first ? (numeric ? 'ascending' : 'descending') : first;
        for (const other of heads) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', order);
        const by = compare(numeric, order === 'ascending' ? 1 : -1);
        body.append(...[...body.rows].map((row) => [key(row, column), row]).sort(([a], [b]) => by(a, b)).map(([, row]) => row));
      });
    });
  };

  const reach = () => {
    for (const place of document.querySelectorAll('.scroll')) {
      if (place.scrollWidth > place.clientWidth + 1 || place.scrollHeight > place.clientHeight + 1) place.tabIndex = 0;
      else place.removeAttribute('tabindex');
    }
  };

  const enliven = (place) => {
    for (const table of place.querySelectorAll('table[data-sortable]')) makeSortable(table);
    reach();
  };

  addEventListener('DOMContentLoaded', () => {
    for (const button of document.querySelectorAll('.theme')) takeTheme(button);
    enliven(document);
  });
  addEventListener('headstart:drawn', ({ target }) => enliven(target));
  addEventListener('resize', reach);
  document.addEventListener('toggle', reach, true);
  addEventListener('beforeprint', () => { for (const details of document.querySelectorAll('details')) details.open = true; });
})();`;
