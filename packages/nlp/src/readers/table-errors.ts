import { HeadstartError } from '@headstart/core';
import type { PassedOver } from '@headstart/core/readers';

/** The error for a table without a row to learn from. */
export function emptyTarget(path: string, passedOver: readonly PassedOver[] = []): HeadstartError {
  return new HeadstartError({
    code: 'target-empty',
    message: `${path} holds no text${passedOver.length > 0 ? ` to learn from: ${listed(passedOver)} are left out` : ''}.`,
    hint: 'Give one row per text: the text and its label.',
  });
}

/** The error for records of which only those of one class count. */
export function oneClassLeft(path: string, label: string, passedOver: readonly PassedOver[]): HeadstartError {
  return new HeadstartError({
    code: 'target-too-small',
    message: `${path} has one class only, "${label}": ${listed(passedOver)} are left out.`,
    hint: 'Give records of a second class that count; where those that are left out are of another class, write that as their label.',
  });
}

function listed(passedOver: readonly PassedOver[]): string {
  return passedOver.map(({ what, count }) => `${count} ${what}`).join(', ');
}
