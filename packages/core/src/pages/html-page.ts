import { createHash } from 'node:crypto';
import { attributes, html, Html, type HtmlPart } from './html.ts';
import { PAGE_SCRIPT } from './script/page-script.ts';
import { PAGE_STYLE, PRINT_STYLE } from './style/page-style.ts';

/** A part of a page with a title of its own, which the navigation names. */
export interface PageSection {
  readonly title: string;
  /** Beside the title, smaller: a count, a date. */
  readonly note?: string;
  readonly body: HtmlPart;
}

/** A self-contained HTML page, part by part. */
export interface HtmlPage {
  readonly title: string;
  /** What the page is of, in a sentence or two under the title. */
  readonly lead?: HtmlPart;
  /** What stands before the sections. */
  readonly body?: HtmlPart;
  /** Each under a heading of the second level; two or more of them get a navigation. */
  readonly sections?: readonly PageSection[];
  /** CSS beside what all pages have; it names colours as `var(--ink)`, see `COLOURS`. */
  readonly style?: string;
  /** A JavaScript module that runs when the page is there. */
  readonly script?: string;
  /**
   * What the page may load: nothing but itself, the default; or files from the folder or server that it comes from, with
   * WebAssembly and workers among them. The browser holds it to that by a content security policy.
   */
  readonly loads?: 'nothing' | 'own files';
}

/**
 * A complete HTML document without anything outside it, the same bytes for the same parts: light and dark, for wide and narrow windows, keyboard,
 * screen readers and print. Its content security policy lets it reach no network, and no script run but its own.
 */
export function htmlPage(page: HtmlPage): string {
  const { title, lead, body, sections = [], style = '', script, loads = 'nothing' } = page;
  const module = script && withoutEnd(script);
  const named = sections.map((section, i) => ({ ...section, id: `s${i + 1}-${slug(section.title)}` }));
  const listed = named.length > 1;
  const navigation = html`<nav class="sections" aria-label="Sections"><ol>${named.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy([PAGE_SCRIPT, ...(module ? [module] : [])], loads)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(PAGE_STYLE + style + PRINT_STYLE)}
</style>
<script>${new Html(PAGE_SCRIPT)}</script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<div class="page${listed && ' listed'}">
<header class="head"><div><h1 id="title">${title}</h1>${lead !== undefined && html`<p class="lead">${lead}</p>`}</div><button type="button" class="theme" hidden>Dark theme</button></header>
${listed && navigation}
<main id="content" tabindex="-1">
${body !== undefined && html`<div class="stack">${body}</div>`}
${named.map(sectionHtml)}
</main>
</div>
${module !== undefined && html`<script type="module">${new Html(module)}</script>`}
</body>
</html>
`.toString();
}

function sectionHtml({ id, title, note, body }: PageSection & { readonly id: string }): Html {
  return html`<section${attributes({ id, 'aria-labelledby': `${id}-title` })}><h2 id="${id}-title">${title}${note !== undefined && html` <small>${note}</small>`}</h2>
${body}
</section>
`;
}

/** What a browser lets the page do. Scripts are named by their digests, so that no text of the data can become one. */
function policy(scripts: readonly string[], loads: 'nothing' | 'own files'): string {
  const own = loads === 'own files';
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  const rules = {
    'default-src': ["'none'"],
    'script-src': [...hashes, ...(own ? ["'self'", "'wasm-unsafe-eval'", 'blob:'] : [])],
    'style-src': ["'unsafe-inline'"],
    'img-src': ['data:', 'blob:', ...(own ? ["'self'"] : [])],
    ...(own && { 'connect-src': ["'self'", 'blob:', 'data:'], 'worker-src': ["'self'", 'blob:'] }),
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
  };
  return Object.entries(rules)
    .map(([rule, sources]) => `${rule} ${sources.join(' ')}`)
    .join('; ');
}

/** A script that can stand in a page: it does not end its own element. */
function withoutEnd(script: string): string {
  return script.replaceAll('\r\n', '\n').replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
}

/** A title as a part of an id. */
function slug(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
}
