import { HeadstartError } from '@headstart/artifacts/errors';
import { expectThat, failureOf, messageOf } from './rules.ts';

/** A hint as long as this says what to do. */
const SHORTEST_HINT = 10;

/**
 * The error with which work is refused: a `HeadstartError` of that code with a hint, whose message or hint has every one
 * of the mentions in it.
 *
 * @throws Error where the work is done, or fails in another way
 */
export async function refusalOf(
  work: Promise<unknown>,
  code: string,
  ...mentions: readonly string[]
): Promise<HeadstartError> {
  const error = await failureOf(() => work);
  expectThat(error !== undefined, `it is accepted, and ${code} was expected`);
  if (!HeadstartError.is(error)) throw new Error(`it fails without a code: ${messageOf(error)}`, { cause: error });
  const { message, hint } = error;
  expectThat(error.code === code, `it is refused as ${error.code}, and not as ${code}: ${message}`);
  expectThat(hint.length > SHORTEST_HINT, `its hint "${hint}" does not say what to do: ${message}`);
  const missing = mentions.find((mention) => !`${message} ${hint}`.includes(mention));
  expectThat(missing === undefined, `it does not mention "${missing}": ${message} ${hint}`);
  return error;
}
