import { nearestName } from '@headstart/artifacts/errors';
import type { z } from 'zod';
import { Problem } from './problem.ts';
import { predictSchema, topSchema } from './schemas.ts';
import type { ServedInput } from './served-model.ts';

/** What a request to predict asks for. */
export interface Asked {
  readonly inputs: readonly ServedInput[];
  /** The k likeliest labels alone. */
  readonly top?: number;
}

/** The media types that a model of a modality takes, for `Accept-Post` and the OpenAPI document. */
export function mediaTypes(modality: string): string[] {
  const own = modality === 'text' ? 'text/plain' : `${modality}/*`;
  return ['application/json', own, 'application/octet-stream', 'multipart/form-data'];
}

/** The query's part of what is asked. @throws Problem 400 for a key that is none, and a value that does not parse */
export function readQuery(url: URL): Pick<Asked, 'top'> {
  const known = ['top'];
  for (const key of url.searchParams.keys()) if (!known.includes(key)) throw unknownKeys([key], known, 'The query');
  const values = url.searchParams.getAll('top');
  if (values.length > 1) throw invalid('The query has top more than once.', 'Give it once.');
  const parsed = topSchema.safeParse(values[0]);
  if (parsed.success) return { top: parsed.data };
  throw invalid(`The query's top is "${values[0]}".`, 'Give a whole number, 1 or more.');
}

/**
 * The inputs in a body, by its media type.
 * @throws Problem 415 for a type that the model does not take; 400 for a body that is not of its type
 */
export async function readInputs(contentType: string | null, body: Buffer, modality: string): Promise<Asked> {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim());
  const media = type.toLowerCase();
  if (!takes(modality, media)) throw wrongMedia(contentType, modality);
  if (body.length === 0) throw invalid('The body is empty.', 'Send what the model is to predict.');
  if (media === 'application/json') return readJson(body, modality);
  if (media === 'multipart/form-data') return { inputs: await readForm(contentType!, body, modality) };
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter))?.replace(/^charset="?([^"]*)"?$/i, '$1');
  if (media.startsWith('text/') && charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset)) {
    throw new Problem(415, {
      code: 'media-type',
      message: `The text is in ${charset}, and the server reads UTF-8.`,
      hint: 'Convert it to UTF-8.',
    });
  }
  return { inputs: [body] };
}

function takes(modality: string, media: string): boolean {
  return mediaTypes(modality).some((type) =>
    type.endsWith('/*') ? media.startsWith(type.slice(0, -1)) : type === media,
  );
}

function wrongMedia(contentType: string | null, modality: string): Problem {
  const types = mediaTypes(modality).join(', ');
  return new Problem(
    415,
    {
      code: 'media-type',
      message: contentType === null ? 'The body has no Content-Type.' : `The model takes no ${contentType}.`,
      hint: `Send one of: ${types}.`,
    },
    { 'Accept-Post': types },
  );
}

function readJson(body: Buffer, modality: string): Asked {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : 'it is not text in UTF-8';
    throw invalid(`The body is not JSON: ${why}.`, 'Send one JSON object, such as { "inputs": [ … ] }.');
  }
  const parsed = predictSchema(modality).safeParse(value);
  if (!parsed.success) throw invalidJson(parsed.error.issues[0]!, modality);
  const { inputs, top } = parsed.data;
  return { inputs: inputs.map((input, i) => (typeof input === 'string' ? input : fromBase64(input.base64, i))), top };
}

function invalidJson(issue: z.core.$ZodIssue, modality: string): Problem {
  const where = issue.path.length > 0 ? `"${issue.path.join('.')}" of the body` : 'The body';
  if (issue.code === 'unrecognized_keys')
    return unknownKeys(issue.keys, issue.path.length > 0 ? ['base64'] : ['inputs', 'top'], where);
  const example = modality === 'text' ? '"a text"' : '{ "base64": "…" }';
  return invalid(
    `${where} is not what the model takes: ${issue.message.replace(/^Invalid input: /, '')}.`,
    `Send { "inputs": [${example}] }; /openapi.json describes it.`,
  );
}

function fromBase64(text: string, index: number): Buffer {
  const bytes = Buffer.from(text, 'base64');
  // What is not of the alphabet is passed over: of a text that is all Base64 the length tells.
  const characters = text.replace(/=+$/, '').length;
  if (bytes.length === Math.floor((characters * 3) / 4) && characters % 4 !== 1) return bytes;
  throw invalid(
    `"inputs.${index}.base64" of the body is not Base64.`,
    'Encode the bytes of the file, without "data:" before them and without line breaks.',
  );
}

async function readForm(contentType: string, body: Buffer, modality: string): Promise<ServedInput[]> {
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw invalid(
      'The body is not a form: its parts do not end where its boundary says.',
      'Let the client make the body and its Content-Type together, as `curl -F file=@photo.jpg` does.',
    );
  }
  const inputs: ServedInput[] = [];
  for (const [name, value] of form as unknown as Iterable<[string, File | string]>) {
    if (typeof value !== 'string') inputs.push(new Uint8Array(await value.arrayBuffer()));
    else if (modality === 'text') inputs.push(value);
    else throw invalid(`The form's field "${name}" is a text, and the model takes files.`, 'Send files as files.');
  }
  if (inputs.length > 0) return inputs;
  throw invalid('The form has no field.', 'Add a field for each input.');
}

function unknownKeys(keys: readonly string[], known: readonly string[], where: string): Problem {
  const nearest = nearestName(keys[0]!, known);
  return invalid(
    `${where} has "${keys[0]!.slice(0, 80)}", which means nothing here.`,
    nearest ? `Did you mean "${nearest}"?` : `Known: ${known.join(', ')}.`,
  );
}

function invalid(message: string, hint: string): Problem {
  return new Problem(400, { code: 'invalid-request', message, hint });
}
