import { attributes, html, type Html, type HtmlPart } from '../html.ts';

/**
 * Parts side by side, as many as the window has room for.
 * @param least the least width of a column in rem; 28 fits a chart
 */
export function grid(parts: readonly HtmlPart[], least = 28): Html {
  return html`<div class="grid"${attributes({ style: least !== 28 && `--least: ${least}rem` })}>${parts.map(
    (part) => html`<div class="stack">${part}</div>
`,
  )}</div>`;
}

/** Something that is known, under its name. */
export type Fact = readonly [name: string, value: HtmlPart];

/** What is known of the page's subject, name by name. */
export function facts(entries: readonly Fact[]): Html {
  return html`<dl class="facts">${entries.map(
    ([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>
`,
  )}</dl>`;
}

/** The few numbers that matter most, large. */
export function numbers(entries: readonly (readonly [name: string, value: string])[]): Html {
  return html`<dl class="numbers">${entries.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>
`,
  )}</dl>`;
}

/** How a notice is meant. */
export type NoticeKind = 'good' | 'warn' | 'bad' | 'plain';

/** Something that the reader should know: what it is, and what to do or more of it. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly message: HtmlPart;
  readonly details?: readonly HtmlPart[];
}

/** The word before a notice's message, so that its colour says nothing alone. */
const SAID: Readonly<Record<NoticeKind, string | undefined>> = {
  good: undefined,
  warn: 'Warning',
  bad: 'Error',
  plain: undefined,
};

/** Notices side by side where there is room. */
export function notices(list: readonly Notice[]): Html {
  return html`<ul class="notices">${list.map(
    ({
      kind,
      message,
      details = [],
    }) => html`<li class="notice is-${kind}"><b>${SAID[kind] !== undefined && html`<span class="${kind}">${SAID[kind]}:</span> `}${message}</b>${details.map((detail) => html`<p>${detail}</p>`)}</li>
`,
  )}</ul>`;
}

/** A picture with its caption. */
export interface SheetPicture {
  /** An `<img>` of a `data:` address, or what stands in its place. */
  readonly picture: HtmlPart;
  readonly caption: HtmlPart;
}

/**
 * Pictures in rows that fill the window.
 * @param least the least width of a picture's place in rem
 */
export function sheet(pictures: readonly SheetPicture[], least = 7.5): Html {
  return html`<div class="sheet"${attributes({ style: `--picture: ${least}rem` })}>${pictures.map(
    ({ picture, caption }) => html`<figure>${picture}<figcaption>${caption}</figcaption></figure>
`,
  )}</div>`;
}

/** A part that opens. */
export function opening(summary: HtmlPart, content: HtmlPart): Html {
  return html`<details><summary>${summary}</summary>${content}</details>`;
}
