import { SaxesParser } from 'saxes';
import { HeadstartError } from '@headstart/artifacts/errors';

/** What is told of an XML document; names are without their prefix. */
export interface XmlListener {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/**
 * Goes through an XML document in UTF-8; between pieces, what was told can be taken.
 * @throws HeadstartError `target-unreadable` for XML that is not well formed, and for documents that declare entities
 */
export async function* readXml(
  path: string,
  chunks: AsyncIterable<Buffer>,
  listener: XmlListener,
): AsyncGenerator<void> {
  const parser = new SaxesParser();
  const wrong = (why: string) =>
    new HeadstartError({
      code: 'target-unreadable',
      message: `${path} is not a workbook that can be read: ${why}.`,
      hint: 'Open it in a spreadsheet program and save it again, or save it as CSV UTF-8.',
    });
  parser.on('error', (error) => {
    throw wrong(error.message);
  });
  parser.on('doctype', () => {
    throw wrong('its XML has a DOCTYPE, which no spreadsheet program writes');
  });
  parser.on('opentag', ({ name, attributes }) => listener.open(localName(name), attributes));
  parser.on('text', (text) => listener.text?.(text));
  parser.on('cdata', (text) => listener.text?.(text));
  parser.on('closetag', ({ name }) => listener.close?.(localName(name)));
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    parser.write(decoder.decode(chunk, { stream: true }));
    yield;
  }
  parser.close();
  yield;
}

/** Reads a document to its end. */
export async function readWholeXml(path: string, chunks: AsyncIterable<Buffer>, listener: XmlListener): Promise<void> {
  for await (const _ of readXml(path, chunks, listener)) void _;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
