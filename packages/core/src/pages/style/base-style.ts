import { colourProperties } from '../tokens.ts';

/** Colours, type and the parts that every page has. */
export const BASE_STYLE = `
:root { color-scheme: light dark; ${colourProperties()}
  --small: .8125rem; --note: .875rem; --body: 1rem; --large: 1.1875rem; --title: clamp(1.5rem, 1.2rem + 1.2vw, 2.125rem);
  --gap: clamp(1rem, .6rem + 1.2vw, 2rem); --measure: 72ch; --radius: 8px }
:root[data-theme=light] { color-scheme: light } :root[data-theme=dark] { color-scheme: dark }
*, ::before, ::after { box-sizing: border-box }
[hidden] { display: none !important }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; -webkit-text-size-adjust: 100% }
body { margin: 0; background: var(--paper); color: var(--ink); font: var(--body)/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; overflow-wrap: break-word }
h1, h2, h3, h4 { margin: 0; line-height: 1.25; text-wrap: balance } h1 { font-size: var(--title) } h2 { font-size: 1.375rem } h3 { font-size: var(--large) } h4 { font-size: var(--body); font-weight: 600 }
p, ul, ol { margin: 0; max-width: var(--measure) } small { font-size: var(--note); font-weight: 400; color: var(--dim) }
a { color: var(--accent) } code, pre { font: .875em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace }
pre { margin: 0; padding: 1rem; overflow: auto; border-radius: var(--radius); background: var(--card) }
img { max-width: 100% }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px }
button { padding: .4rem .9rem; border: 1px solid var(--edge); border-radius: var(--radius); background: var(--card); color: inherit; font: inherit; cursor: pointer } button:hover { border-color: var(--accent) }
.dim { color: var(--dim) } .good { color: var(--good) } .warn { color: var(--warn) } .bad { color: var(--bad) }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto } *, ::before, ::after { animation: none !important; transition: none !important } }`;
