import { memory } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';

/** One thing that a part of a plugin holds to, by the name that a failure gives it. */
export interface Rule<Given> {
  readonly rule: string;
  /** @throws what is wrong, of any kind */
  readonly check: (given: Given) => void | Promise<void>;
}

/** @throws Error with what is wrong */
export function expectThat(condition: boolean, failure: string): void {
  if (!condition) throw new Error(failure);
}

/**
 * Holds a part to rules, one after another; each is to leave no tensor behind.
 *
 * @param check the function that its author called
 * @param part in full, such as `Plugin "x", task "y"`
 * @throws Error naming the check, the part and the first rule that is broken
 */
export async function holdTo<Given>(
  check: string,
  part: string,
  given: Given,
  rules: readonly Rule<Given>[],
): Promise<void> {
  const broken = (rule: string, what: string, cause?: unknown) =>
    new Error(`${check}: ${part}: ${rule}: ${what}`, { cause });
  for (const { rule, check: holds } of rules) {
    const before = memory().numTensors;
    try {
      await holds(given);
    } catch (cause) {
      throw broken(rule, messageOf(cause), cause);
    }
    const left = memory().numTensors - before;
    if (left !== 0)
      throw broken('no tensor is left', `${left} more ${left === 1 ? 'is' : 'are'} there after "${rule}"`);
  }
}

/**
 * Whether an error was meant for users: a HeadstartError with a code of its author's. What a plugin throws otherwise
 * reaches users as `plugin-failed`, which says that the plugin is broken.
 */
export function isMeant(error: unknown): error is HeadstartError {
  return HeadstartError.is(error) && error.code !== 'plugin-failed' && error.hint !== '';
}

/** What a call throws, or what its promise is rejected with; undefined where it succeeds. */
export async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error ?? new Error('nothing');
  }
}

/** @throws Error where a call fails in another way than by an error that is meant for users */
export async function expectMeant(what: string, call: () => unknown): Promise<'refused' | 'accepted'> {
  const error = await failureOf(call);
  if (error === undefined) return 'accepted';
  expectThat(
    isMeant(error),
    `${what} ends in an error without a code and a hint of its own (a HeadstartError): ${messageOf(error)}`,
  );
  return 'refused';
}

/** @throws Error where a call succeeds, or fails in another way than by an error that is meant for users */
export async function expectRefused(what: string, call: () => unknown): Promise<void> {
  expectThat((await expectMeant(what, call)) === 'refused', `${what} is accepted`);
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : JSON.stringify(error);
}
