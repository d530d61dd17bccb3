/** Rules of a report beside those of all pages. A section is laid out when it comes into view; on paper all are. */
export const REPORT_STYLE = `
.verdicts { display: grid; gap: .35rem; margin: 0; padding: 0; max-width: var(--measure); list-style: none; font-size: 1.0625rem } .verdicts li { padding-left: .8rem; border-left: 4px solid var(--edge) } .verdicts .is-good { border-color: var(--good) } .verdicts .is-bad { border-color: var(--bad) }
.filters { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; padding: .7rem .9rem; border-radius: var(--radius); background: var(--card) } .filters label { display: grid; gap: .15rem; font-size: var(--note); color: var(--dim) } .filters select { max-width: 16rem } .filters [role=status] { color: var(--dim); font-size: var(--note) }
html:not(.with-script) .scripted { display: none }
.pager { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; font-size: var(--note) } .pager span { color: var(--dim) }
.cell { display: grid; gap: .8rem; grid-template-columns: minmax(0, 1fr); padding: 1rem; border: 1px solid var(--edge); border-radius: var(--radius); scroll-margin-top: 1rem } .cell > .close { justify-self: start }
.worst { display: grid; gap: .8rem; margin: 0; padding: 0; max-width: none; list-style: none; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)) } .worst li { display: grid; gap: .3rem; align-content: start; padding: .6rem; border-radius: var(--radius); background: var(--card); font-size: var(--note); overflow-wrap: anywhere } .worst img { max-width: 6rem; max-height: 6rem; background: #fff; border-radius: 4px } .worst blockquote { margin: 0 }
@media (min-width: 60rem) { .line { white-space: nowrap } } .command { overflow-wrap: anywhere } .digests code { font-size: var(--small); overflow-wrap: anywhere }
@media screen { main > section { content-visibility: auto; contain-intrinsic-size: auto 50rem; overflow-clip-margin: .5rem } }
@media print { .scripted, .cell > .close { display: none } }
`;
