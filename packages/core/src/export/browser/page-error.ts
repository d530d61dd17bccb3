import type { PageError } from './contract.ts';

/** An error of the page: what happened and why, by a stable code, with what to do about it. */
export class PageFailure extends Error implements PageError {
  override readonly name = 'PageError';
  readonly code: PageError['code'];
  readonly hint: string;

  constructor({ code, message, hint, cause }: Pick<PageError, 'code' | 'message' | 'hint' | 'cause'>) {
    super(message, { cause });
    this.code = code;
    this.hint = hint;
  }
}

/** An error's message, whatever was thrown, without the full stop at its end. */
export function reasonOf(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).replace(/\.$/, '');
}
