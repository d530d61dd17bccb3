import { unescaped, withoutTags } from './html-text.ts';

/** Parts within parts that are looked into. */
const DEEPEST = 5;

/** A message or a part of one: fields of the header by lower-case name, and what follows it, a character a byte. */
interface Part {
  readonly fields: ReadonlyMap<string, string>;
  readonly body: string;
}

/**
 * What a person reads of an e-mail (RFC 5322, RFC 2045 to 2047): its subject and its text, plain where there is a plain
 * part, else that of its HTML; blanks are run together. Attachments and the other fields of the header are left out.
 * A message that breaks the rules gives what can be read of it.
 */
export function mailText(bytes: Buffer): string {
  const message = partOf(bytes.toString('latin1').replace(/\r\n?/g, '\n'));
  const subject = decodedWords(message.fields.get('subject') ?? '');
  const text = readable(message, 0);
  return [subject, text.plain ?? text.html ?? '']
    .map((piece) => piece.replace(/\s+/g, ' ').trim())
    .filter((piece) => piece !== '')
    .join('\n');
}

function partOf(source: string): Part {
  const end = /^\n|\n\n/.exec(source);
  const header = end ? source.slice(0, end.index) : source;
  const fields = new Map<string, string>();
  for (const line of header.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const [, name, value] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && !fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), value!);
  }
  return { fields, body: end ? source.slice(end.index + end[0].length) : '' };
}

interface Readable {
  readonly plain?: string;
  readonly html?: string;
}

/** The first plain text and the first HTML in a part. */
function readable(part: Part, depth: number): Readable {
  const type = part.fields.get('content-type') ?? 'text/plain';
  const kind = type.split(';')[0]!.trim().toLowerCase();
  const boundary = parameter(type, 'boundary');
  if (kind.startsWith('multipart/') && boundary !== undefined && depth < DEEPEST) {
    let found: Readable = {};
    for (const inner of partsBetween(part.body, boundary)) found = { ...readable(partOf(inner), depth + 1), ...found };
    return found;
  }
  if (kind === 'message/rfc822' && depth < DEEPEST) return readable(partOf(part.body), depth + 1);
  if (!kind.startsWith('text/') && kind !== 'text') return {};
  const text = decoded(transferred(part), parameter(type, 'charset'));
  return kind === 'text/html' ? { html: unescaped(withoutTags(text)) } : { plain: text };
}

function parameter(field: string, name: string): string | undefined {
  const [, quoted, plain] = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(field) ?? [];
  return quoted ?? plain;
}

function partsBetween(body: string, boundary: string): string[] {
  const pieces = `\n${body}`.split(`\n--${boundary}`);
  const last = pieces.findIndex((piece, i) => i > 0 && piece.startsWith('--'));
  return pieces.slice(1, last < 0 ? undefined : last).map((piece) => piece.replace(/^[^\n]*\n/, ''));
}

/** A part's bytes as they were before they were made fit for transfer. */
function transferred({ fields, body }: Part): Buffer {
  const encoding = (fields.get('content-transfer-encoding') ?? '').trim().toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64');
  if (encoding === 'quoted-printable') return unquoted(body.replace(/=[ \t]*\n/g, ''));
  return Buffer.from(body, 'latin1');
}

function unquoted(text: string): Buffer {
  const bytes = text.replace(/=([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1');
}

/** Bytes in the character set that is named; where it is not known, as most mail of Western Europe is written. */
function decoded(bytes: Uint8Array, charset = 'windows-1252'): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Words of a header that are encoded as `=?charset?B?…?=` or `=?charset?Q?…?=`. */
function decodedWords(field: string): string {
  return field
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?([^?\s]+)\?([bq])\?([^?]*)\?=/gi, (_, charset: string, way: string, text: string) =>
      decoded(way.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : unquoted(text.replaceAll('_', ' ')), charset),
    );
}
