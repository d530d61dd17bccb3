/** Rules of an inspection's page beside those that all pages have: the bars of classes. */
export const INSPECTION_STYLE = `
.bar { display: flex; min-width: 12rem; height: .9rem; margin-top: .2rem } .bar i, .splits i { print-color-adjust: exact; -webkit-print-color-adjust: exact }
i.train { background: var(--series-0) } i.validation { background: var(--series-1) } i.test { background: var(--series-2) }
.splits { display: flex; gap: 1rem; padding: 0; list-style: none; font-size: var(--note) } .splits li { display: flex; gap: .4rem; align-items: center } .splits i { width: .8rem; height: .8rem; border-radius: 2px }
td:has(> .bar) { width: 55% } .classes { display: grid; gap: var(--gap) } .pair { padding: .5rem; border: 1px solid var(--line); border-radius: var(--radius) }`;
