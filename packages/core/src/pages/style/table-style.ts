/** Tables, the places in which they scroll, and heat maps. */
export const TABLE_STYLE = `
.scroll { max-width: 100%; max-height: min(85vh, 60rem); overflow: auto; width: fit-content } .scroll.wide { width: 100% } .scroll.wide > table { width: 100% }
table { border-collapse: separate; border-spacing: 0; font-size: var(--note); font-variant-numeric: tabular-nums }
caption { padding: 0 0 .5rem; text-align: left; color: var(--dim); caption-side: top } caption span { position: sticky; left: 0; display: block; max-width: min(var(--measure), 90vw) }
th, td { padding: .35rem .75rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: break-word; max-width: 44rem }
thead th { position: sticky; top: 0; z-index: 1; background: var(--card); border-bottom: 2px solid var(--line); white-space: nowrap } tbody th { font-weight: 500 }
tbody tr:nth-child(even) > * { background: var(--card) }
.n { text-align: right; white-space: nowrap } .sentences { min-width: min(28rem, 70vw) }
th button { display: inline-flex; gap: .35em; align-items: baseline; padding: 0; border: 0; background: none; color: inherit; font: inherit; font-weight: 600 } th button::after { content: "\\2195"; color: var(--dim); font-weight: 400 } .n button { flex-direction: row-reverse }
[aria-sort=ascending] button::after { content: "\\2191"; color: var(--ink) } [aria-sort=descending] button::after { content: "\\2193"; color: var(--ink) }
table.heat { border-spacing: 2px } .heat th, .heat td { border: 0; padding: .3rem .5rem } .heat tbody tr > * { background: none } .heat thead th { background: var(--paper); white-space: normal; max-width: 9rem; vertical-align: bottom; text-align: center; font-weight: 500 } .heat tbody th { position: sticky; left: 0; background: var(--paper); max-width: 14rem }
.heat td { min-width: 2.6rem; text-align: center; vertical-align: middle; color: var(--dim); border-radius: 3px; print-color-adjust: exact; -webkit-print-color-adjust: exact } .heat tbody td.shaded { background: var(--shade); color: var(--text) } .heat td.shaded a { color: inherit } .heat td.marked { outline: 2px solid var(--ink); outline-offset: -2px }
.scale { display: flex; flex-wrap: wrap; gap: .2rem .6rem; align-items: center; font-size: var(--small); color: var(--dim) } .scale i { width: 9rem; height: .8rem; border-radius: 3px; background: var(--ramp); print-color-adjust: exact; -webkit-print-color-adjust: exact }`;
