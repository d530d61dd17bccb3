import { escapeXml } from './escape-xml.ts';

/** HTML whose texts are escaped: what `html` makes, and all that the parts of a page take and give. */
export class Html {
  readonly #text: string;

  /** @param text taken as it stands; use `html` for all that holds a text of somebody else's */
  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in an `html` template: texts are escaped, lists joined, `undefined` and `false` left out. */
export type HtmlPart = string | number | Html | undefined | false | readonly HtmlPart[];

/** HTML from a template: what stands in `${…}` is escaped unless it is `Html`. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(strings.map((text, i) => text + (i < parts.length ? markupOf(parts[i]) : '')).join(''));
}

function markupOf(part: HtmlPart): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.toString();
  if (typeof part === 'object') return part.map(markupOf).join('');
  return escapeXml(String(part));
}

/** Attributes of an element, each after a space: `undefined` and `false` leave one out, `true` gives an empty one. */
export function attributes(values: Readonly<Record<string, string | number | boolean | undefined>>): Html {
  const written = Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === false
      ? []
      : value === true
        ? [` ${name}=""`]
        : [` ${name}="${escapeXml(String(value))}"`],
  );
  return new Html(written.join(''));
}
