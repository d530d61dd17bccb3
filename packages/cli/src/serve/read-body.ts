import { Problem } from './problem.ts';
import { queueFull } from './served-model.ts';

/** Bytes of requests that are under way, all together. */
export class HeldBytes {
  #bytes = 0;

  constructor(private readonly most: number) {}

  /** @throws Problem 429 */
  take(bytes: number): void {
    if (this.#bytes + bytes > this.most) throw queueFull(`the requests under way have ${this.#bytes} bytes`);
    this.#bytes += bytes;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/**
 * The body of a request, whole.
 * @param most bytes
 * @param took called with the bytes of each part, before it is kept
 * @throws Problem 413 for a longer one, before it is read where it says so; 415 for a compressed one; what `took` throws; 400 where the connection ends first
 */
export async function readBody(request: Request, most: number, took: (bytes: number) => void): Promise<Buffer> {
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') {
    throw new Problem(
      415,
      {
        code: 'media-type',
        message: `The body is in the content encoding "${encoding}", which the server does not read.`,
        hint: 'Send it as it is.',
      },
      { 'Accept-Encoding': 'identity' },
    );
  }
  if (Number(request.headers.get('content-length') ?? 0) > most) throw tooLarge(most);
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of request.body ?? []) {
      const bytes = part as Uint8Array;
      length += bytes.length;
      if (length > most) throw tooLarge(most);
      took(bytes.length);
      parts.push(bytes);
    }
  } catch (error) {
    throw error instanceof Problem ? error : endedEarly(length);
  }
  return Buffer.concat(parts, length);
}

/** What metrics count where the client has gone: it is no failure of the server. */
function endedEarly(length: number): Problem {
  return new Problem(400, {
    code: 'invalid-request',
    message: `The connection ended after ${length} bytes of the body.`,
    hint: 'Send the body whole.',
  });
}

function tooLarge(most: number): Problem {
  return new Problem(413, {
    code: 'body-too-large',
    message: `The body is longer than ${most} bytes, the limit of this server.`,
    hint: 'Send less in a request, smaller pictures, say; who runs the server can raise --body-limit.',
  });
}
