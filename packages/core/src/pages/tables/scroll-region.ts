import { attributes, html, type Html, type HtmlPart } from '../html.ts';

/**
 * A place that scrolls where its content is wider than the window, and that the keyboard reaches then.
 * @param label what a screen reader calls it
 * @param wide whether it is to fill the width at hand
 */
export function scrollRegion(label: string, content: HtmlPart, wide = false): Html {
  return html`<div${attributes({ class: wide ? 'scroll wide' : 'scroll', role: 'group', 'aria-label': label, tabindex: 0 })}>${content}</div>`;
}
