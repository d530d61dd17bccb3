import { SERIES_COLOURS } from '../tokens.ts';

/** Charts. A series is `s0`, `s1`, …; a mark says by `stroke` or `fill` what of it has the colour. */
export const CHART_STYLE = `
figure { margin: 0; min-width: 0; max-width: 100% } figcaption { max-width: var(--measure); font-size: var(--note); color: var(--dim) }
.chart { display: grid; gap: .5rem; align-content: start; grid-template-columns: minmax(0, 1fr) } .chart figcaption b { display: block; color: var(--ink); font-size: var(--body); font-weight: 600 }
.chart .scroll { max-height: none; width: auto } .chart svg { display: block; width: 100%; min-width: var(--least); max-width: var(--most); height: auto; overflow: visible }
.chart text { fill: var(--ink); font-size: 12.5px } .chart .tick { fill: var(--dim) } .chart .of-axis { font-weight: 500 }
.chart .rule { stroke: var(--line); fill: none } .chart .axis { stroke: var(--edge); fill: none } .chart .zero { stroke: var(--ink); stroke-dasharray: 2 3; fill: none } .chart .zone { fill: var(--stripe) }
.chart .line { fill: none; stroke: var(--series); stroke-width: 2; stroke-linejoin: round } .chart .band { fill: var(--series); fill-opacity: .16 }
.chart .mark { fill: var(--series); stroke: var(--paper); stroke-width: 1 } .chart .bar { fill: var(--series); fill-opacity: .55; stroke: var(--series); stroke-width: 1.5 } .chart .whisker { fill: none; stroke: var(--ink); stroke-width: 1.25 } .chart .interval { fill: none; stroke: var(--series); stroke-width: 2 } .chart .tie { stroke: var(--ink); stroke-width: 4; stroke-linecap: round }
${SERIES_COLOURS.map((_, i) => `.s${i} { --series: var(--series-${i}) }`).join(' ')}
.key { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: 0; padding: 0; max-width: none; list-style: none; font-size: var(--note) } .key li { display: flex; gap: .4rem; align-items: center } .key svg { flex: none; width: 34px; min-width: 0 }
details > summary { width: fit-content; cursor: pointer; color: var(--accent); font-size: var(--note) } details[open] > summary { margin-bottom: .5rem }`;
