/** Where things stand: the head, the navigation beside or above the content, and what fills a wide window. */
export const LAYOUT_STYLE = `
.skip { position: absolute; left: .5rem; top: -4rem; z-index: 9; padding: .5rem 1rem; border-radius: var(--radius); background: var(--accent); color: var(--paper) } .skip:focus { top: .5rem }
.page { display: grid; gap: var(--gap); padding: var(--gap); grid-template-columns: minmax(0, 1fr) }
.head { display: flex; flex-wrap: wrap; gap: .5rem var(--gap); align-items: start; justify-content: space-between } .head > div { display: grid; gap: .35rem; min-width: 0; flex: 1 1 20rem } .head .lead { color: var(--dim) }
.theme { font-size: var(--note); white-space: nowrap }
.sections ol { display: flex; flex-wrap: wrap; gap: .25rem .35rem; margin: 0; padding: 0; max-width: none; list-style: none; font-size: var(--note) }
.sections a { display: block; padding: .3rem .7rem; border-radius: var(--radius); background: var(--card); color: var(--ink); text-decoration: none } .sections a:hover { background: var(--stripe); text-decoration: underline }
main { min-width: 0; display: grid; gap: calc(1.5 * var(--gap)); grid-template-columns: minmax(0, 1fr) }
main > section, .stack { display: grid; gap: .9rem; grid-template-columns: minmax(0, 1fr); align-content: start }
main > section { scroll-margin-top: 1rem } main > section + section { padding-top: var(--gap); border-top: 1px solid var(--line) }
.grid { display: grid; gap: var(--gap); align-items: start; grid-template-columns: repeat(auto-fit, minmax(min(100%, var(--least, 28rem)), 1fr)) } .grid > * { min-width: 0 }
@media (min-width: 80rem) {
  .page.listed { grid-template-columns: 13rem minmax(0, 1fr) } .listed .head { grid-column: 1 / -1 }
  .listed .sections { position: sticky; top: 1rem; align-self: start; max-height: calc(100vh - 2rem); overflow: auto } .listed .sections ol { flex-direction: column }
}`;
