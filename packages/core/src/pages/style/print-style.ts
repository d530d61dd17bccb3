/** On paper: light, without what is for the screen, everything opened, nothing cut. */
export const PRINT_STYLE = `
@media print {
  :root, :root[data-theme] { color-scheme: light; --gap: 1rem; font-size: 11pt } @page { margin: 14mm 12mm }
  .skip, .theme, .sections, summary, .screen { display: none !important }
  .page, .page.listed { display: block; padding: 0 } main { display: block } main > * { margin-top: 1rem } main > section { display: block; margin-bottom: 1.2rem } main > section > * + *, .grid > *, .stack > * + * { margin-top: .8rem } .grid, .grid > .stack { display: block }
  .scroll { overflow: visible; max-height: none; width: auto } thead { display: table-header-group } thead th, .heat tbody th, caption span { position: static } tr, figcaption, .chart svg, .sheet figure, .notice, .numbers div { break-inside: avoid } h2, h3, h4, caption, .chart figcaption, .key { break-after: avoid } .chart { display: block }
  table { font-size: 8pt; max-width: 100% } th, td { padding: .2rem .4rem; overflow-wrap: anywhere } thead th { white-space: normal } .heat td { min-width: 0 } th button::after { content: none }
  .chart svg { min-width: 0; max-width: 130mm } .key svg { max-width: 34px } details::details-content { display: block; content-visibility: visible; height: auto }
}`;
