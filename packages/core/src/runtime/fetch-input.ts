import { HeadstartError } from '@headstart/artifacts/errors';
import type { InputContent, NamedInput } from '../domains/model-input.ts';

/** The most bytes that an address may answer with. */
const MOST_BYTES = 64 * 2 ** 20;

/** How long it may take, in milliseconds. */
const MOST_TIME = 30_000;

/**
 * What an input stands for: the contents of a `data:` URL, and of an `http:` or `https:` one where that is allowed, in place
 * of the address.
 * @throws HeadstartError `sample-unreadable` where it cannot be had; `invalid-option` where it is not allowed
 */
export async function fetchInput({ content, name }: NamedInput, allowHttp: boolean): Promise<InputContent> {
  if (!(content instanceof URL) || content.protocol === 'file:') return content;
  const web = content.protocol === 'http:' || content.protocol === 'https:';
  if (web && !allowHttp) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `${name} is an address on the network, which predictions read only where the call allows it.`,
      hint: 'Set allowHttp (--allow-http), or fetch it first and give the bytes.',
    });
  }
  if (!web && content.protocol !== 'data:') throw unreadable(name, `is an address of kind ${content.protocol}`);
  try {
    return await contentsOf(content, name);
  } catch (cause) {
    if (HeadstartError.is(cause)) throw cause;
    throw unreadable(name, web ? `cannot be fetched: ${reasonOf(cause)}` : 'is no data: URL that can be read', cause);
  }
}

async function contentsOf(url: URL, name: string): Promise<Uint8Array> {
  const response = await fetch(url, { signal: AbortSignal.timeout(MOST_TIME) });
  if (!response.ok) {
    await response.body?.cancel();
    throw unreadable(name, `cannot be fetched: the server answered ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    if ((size += chunk.length) > MOST_BYTES) throw unreadable(name, `has more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  if (size === 0) throw unreadable(name, 'has no bytes');
  return Buffer.concat(chunks);
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return `it took more than ${MOST_TIME / 1000} s`;
  return cause instanceof Error && cause.message ? cause.message : message;
}

function unreadable(name: string, what: string, cause?: unknown): HeadstartError {
  return new HeadstartError({
    code: 'sample-unreadable',
    message: `${name} ${what}.`,
    hint: 'Give a file: or data: URL, an address that answers, or the bytes.',
    cause,
  });
}
