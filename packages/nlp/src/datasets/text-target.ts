import { HeadstartError, type TargetData } from '@headstart/core';
import { textDigest } from '../texts/text-digest.ts';
import type { TextSample } from '../texts/text-sample.ts';

/** A text of a data set, with what people call it and its class. */
export interface FoundText {
  readonly id: string;
  readonly text: string;
  /** Index into the label list. */
  readonly label: number;
}

/** A data set of texts, in the order in which they are found. */
export function textTarget(id: string, labels: readonly string[], found: readonly FoundText[]): TargetData<TextSample> {
  const samples = found.map(({ id, text, label }) => ({ sample: { id, digest: textDigest(text), label, text } }));
  return { id, modality: 'text', reader: 'text-table', labels, samples, skipped: [] };
}

/**
 * Texts of which none says the same as another: of those that are equal but for case, digits, punctuation and blanks the
 * first stays, and none where their classes differ. No double then comes to lie in two splits.
 */
export function distinctTexts(found: readonly FoundText[]): FoundText[] {
  const first = new Map<string, FoundText>();
  const contradicted = new Set<string>();
  for (const one of found) {
    const key = wording(one.text);
    const known = first.get(key);
    if (!known) first.set(key, one);
    else if (known.label !== one.label) contradicted.add(key);
  }
  return [...first].flatMap(([key, one]) => (contradicted.has(key) ? [] : [one]));
}

/** The letters of a text; the text itself where it has none. */
function wording(text: string): string {
  const letters = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}]+/gu, ' ')
    .trim();
  return letters || text.trim();
}

/** A file of a package that is pinned by its digest is not what it was when the data set was registered. */
export function unlike(file: string, what: string, cause?: unknown): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${file} is not ${what} that the package has.`,
    hint: 'Remove the package from the cache and run again.',
    cause,
  });
}
