import { html, type Html } from '@headstart/core/pages';

/** The first of many figures, with a sentence where there are more. @returns undefined where there are none */
export function capped<T>(
  figures: readonly T[],
  most: number,
  what: string,
  draw: (figures: readonly T[]) => Html,
): Html | undefined {
  if (figures.length === 0) return undefined;
  const more = figures.length > most;
  return html`${more && html`<p>The first ${most} of ${figures.length} ${what}: choose a source, domain or strategy above to see others.</p>`}${draw(figures.slice(0, most))}`;
}
