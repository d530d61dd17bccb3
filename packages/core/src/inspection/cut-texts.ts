import type { InputLimit } from '../domains/input-limit.ts';
import type { DataWarning } from '../domains/reading-notes.ts';
import type { Sample } from '../domains/target-domain.ts';
import { NAMED, plural, type View } from './looked-at.ts';

/** Long texts that are cut to see; of more of them, evenly chosen ones. */
const MOST_TRIED = 2000;

/**
 * Texts that are longer than a network reads, counted by the network's own tokeniser. A text has no more tokens than
 * bytes, so that short ones are not tried; of many long ones, some are, and the message says so.
 */
export function cutTexts(samples: Iterable<Sample>, view: View, source: string, limit: InputLimit): DataWarning[] {
  const long: Sample[] = [];
  let total = 0;
  for (const sample of samples) {
    total += 1;
    const { texts = [] } = view(sample);
    if (texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) > limit.most / 2) long.push(sample);
  }
  const step = Math.max(1, long.length / MOST_TRIED);
  const tried = Array.from({ length: Math.min(long.length, MOST_TRIED) }, (_, i) => long[Math.floor(i * step)]!);
  const cut = tried.filter((sample) => isCut(sample, view, limit));
  if (cut.length === 0) return [];
  const share = cut.length / tried.length;
  const all = tried.length === long.length;
  const count = Math.round(share * long.length);
  const how = all
    ? ''
    : ` (${cut.length.toLocaleString('en-US')} of ${tried.length.toLocaleString('en-US')} long ones that were tried)`;
  return [
    {
      code: 'cut-texts',
      message: `${all ? '' : 'About '}${plural(count, 'text')} of ${total.toLocaleString('en-US')}${how} will be cut: ${source} reads ${limit.most.toLocaleString('en-US')} ${limit.unit}.`,
      hint: `${limit.hint ?? 'Choose a source that reads longer texts with --source.'} If what matters comes first, nothing is lost.`,
      samples: cut.slice(0, NAMED).map(({ id }) => id),
    },
  ];
}

function isCut(sample: Sample, view: View, limit: InputLimit): boolean {
  const { texts = [], apart } = view(sample);
  return apart ? texts.some((text) => limit.exceeds([text])) : limit.exceeds(texts);
}
