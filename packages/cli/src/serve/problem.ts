import { HeadstartError } from '@headstart/artifacts/errors';

/** What a reply says of a failure, as `--json` says it of a command's. */
export interface ProblemBody {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** A failure that the client is told of. */
export class Problem extends Error {
  readonly status: number;
  readonly body: ProblemBody;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: ProblemBody, headers: Readonly<Record<string, string>> = {}) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** What an input of a kind of model is to be, for who sent another. */
const WHOLE_INPUTS: Readonly<Record<string, string>> = {
  image: 'Send the whole file of a picture, such as a PNG, JPEG, WebP, GIF, TIFF or AVIF.',
};

/**
 * Any failure of a request as what the client may know of it. Of what is not about its input it learns nothing: messages
 * of the system name paths and modules.
 * @param modality of the model
 */
export function problemOf(error: unknown, modality: string): Problem {
  if (error instanceof Problem) return error;
  if (HeadstartError.is(error)) {
    const { code, message, hint } = error;
    if (code === 'sample-unreadable') return new Problem(422, { code, message, hint: WHOLE_INPUTS[modality] ?? hint });
    if (code === 'invalid-option') return new Problem(400, { code, message, hint });
    if (code === 'not-supported') return new Problem(400, { code, message, hint });
  }
  return new Problem(500, {
    code: 'internal',
    message: 'The prediction failed.',
    hint: "What failed is in the server's own output.",
  });
}
