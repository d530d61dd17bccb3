import { HeadstartError } from '@headstart/core';

/** An error in an annotation file: the file, what is wrong there (with its place), and what to do. */
export function annotationError(
  path: string,
  what: string,
  hint: string,
  code: 'target-unreadable' | 'label-invalid' | 'sample-unreadable' | 'invalid-option' = 'target-unreadable',
): HeadstartError {
  return new HeadstartError({ code, message: `${path}: ${what}.`, hint });
}

/** So much of a text is shown in a message. */
const SHOWN = 60;

/** A text, cut where it is too long for a message. */
export function brief(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** A value of a file as messages show it: short whatever it is. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(brief(value));
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return JSON.stringify(value) ?? 'nothing';
}
