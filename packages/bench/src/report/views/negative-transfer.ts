import { html, notices, type Html } from '@headstart/core/pages';
import { VERDICT_WORDS, verdictSentence } from '../verdict-words.ts';
import type { Shown } from './shown.ts';
import { shownVerdicts } from './shown-verdicts.ts';

/** Where transfer did harm: a strategy that is worse than training from scratch, or than the probe. */
export function negativeTransfer(shown: Shown): Html | undefined {
  const all = shownVerdicts(shown);
  const found = all.filter((verdict) => verdict.negativeTransfer);
  if (all.length === 0) return undefined;
  if (found.length === 0)
    return html`<p>None was found among the ${all.length} comparisons. One that is ${VERDICT_WORDS.undecided}, or has ${VERDICT_WORDS['too-few-seeds']}, may still hide it.</p>`;
  return notices(found.map((verdict) => ({ kind: 'bad', message: verdictSentence(verdict, shown.data) })));
}
