import type { SampleView } from '@headstart/core/readers';
import type { TextSample } from './text-sample.ts';

/** What people see of a sample: its text, or both of a pair. */
export function viewText({ text, pair }: TextSample): SampleView {
  return { texts: pair === undefined ? [text] : [text, pair] };
}

/** The same where a network reads the texts of a pair one by one. */
export function viewTextsApart(sample: TextSample): SampleView {
  return { ...viewText(sample), apart: true };
}
