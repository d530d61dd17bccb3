/** Rules of an inspection's page beside those that all pages have. */
export const PAGE_STYLE = `h2 { margin-bottom: .6rem } h3 { margin: 1.6rem 0 0; overflow-wrap: anywhere } h4 { margin: .5rem 0 .3rem; font-weight: 500; color: #444 }
table { border-collapse: collapse } th { text-align: left; font-weight: 600 } td, th { padding: .2rem .8rem .2rem 0; vertical-align: top; overflow-wrap: break-word }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.facts td:first-child { color: #666; white-space: nowrap }
.problems { list-style: none; padding: 0; margin: 1.2rem 0 } .problems li { border-left: 4px solid #d79b00; background: #fdf8ea; padding: .5rem .9rem; margin: .5rem 0 }
.problems li.refused { border-color: #c4161c; background: #fdeeee } .problems li.unchecked { border-color: #999; background: #f5f5f5 }
.problems p { margin: .15rem 0 0 } .problems .named { font-size: .85rem; color: #777; overflow-wrap: anywhere } code { color: #777; font-size: .8rem }
.well { color: #0a7d2c; margin: 1.2rem 0 }
.classes { width: 100%; table-layout: fixed } .classes th:first-child { width: 24% } .classes .number { width: 7rem } .classes tbody th { font-weight: 400 }
.classes td.bar { padding-right: 0 } .bar div { display: flex; height: .8rem; margin-top: .25rem }
i.train { background: #2a6fb0 } i.validation { background: #e8a13a } i.test { background: #4d9a57 } i.key { display: inline-block; width: .7rem; height: .7rem; border-radius: 2px }
.sheet { display: flex; flex-wrap: wrap; gap: .6rem; align-items: flex-end } figure { margin: 0; width: 120px } figure.boxed { width: min-content; min-width: 120px; max-width: 240px }
figure img { max-width: 100%; display: block; border-radius: 3px; background: #eee } figcaption { font-size: .72rem; color: #777; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
.unread { font-size: .75rem; color: #c4161c; overflow-wrap: anywhere }
.samples { width: 100% } .samples td { overflow-wrap: anywhere } .samples th, .samples td:nth-child(2) { overflow-wrap: normal; white-space: nowrap } .samples td:first-child { min-width: 6rem } .samples td:last-child { min-width: 8rem } .samples tbody tr { border-top: 1px solid #e6e6e6 } .samples td:last-child { color: #777; font-size: .85rem }`;
