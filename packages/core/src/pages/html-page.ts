import { escapeXml } from './escape-xml.ts';

/** A self-contained HTML page, part by part. */
export interface HtmlPage {
  readonly title: string;
  /** Rules beside those that all pages have. */
  readonly style?: string;
  /** HTML; texts in it escaped. */
  readonly body: string;
}

/** A page that is complete in itself. */
export function htmlPage({ title, style = '', body }: HtmlPage): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeXml(title)}</title><style>
body { font: 15px/1.4 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; color: #1c1c1c; background: #fff }
h2 { margin: 2rem 0 0 } small { color: #666; font-weight: normal } p { margin: .2rem 0 .8rem; color: #555 }
${style}
</style></head><body><h1>${escapeXml(title)}</h1>${body}
</body></html>
`;
}
