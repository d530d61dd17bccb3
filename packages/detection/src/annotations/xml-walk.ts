import { stat } from 'node:fs/promises';
import { utf8Chunks } from '@headstart/core/readers';
import { SaxesParser } from 'saxes';
import { annotationError } from './annotation-error.ts';

/** What is done with the parts of an XML file; `at` are the names of the elements that lead there, the last its own. */
export interface XmlVisitor {
  open?(at: readonly string[], attributes: Readonly<Record<string, string>>): void;
  text?(at: readonly string[], text: string): void;
  close?(at: readonly string[]): void;
}

/** Annotations nest a handful of elements, each with a handful of attributes. */
const DEEPEST = 64;
const MOST_ATTRIBUTES = 64;

/**
 * Goes through an XML file from its beginning to its end, holding no more of it than the elements that are open.
 * Entities that a document declares are refused, not expanded.
 * @param largest bytes beyond which a file is refused
 * @throws HeadstartError `target-not-found`; `target-unreadable` with file, line and column
 */
export async function walkXml(path: string, largest: number, visitor: XmlVisitor): Promise<void> {
  const wrong = (why: string, hint = 'Export the annotations again.') => annotationError(path, why, hint);
  const parser = new SaxesParser();
  const at: string[] = [];
  let attributes = 0;
  parser.on('error', (error) => {
    throw wrong(`it is not well-formed XML (${error.message})`);
  });
  parser.on('doctype', (text) => {
    if (/<!ENTITY/i.test(text))
      throw wrong('it declares entities, which can expand to any size', 'Remove the DOCTYPE; annotations need none.');
  });
  parser.on('opentagstart', ({ name }) => {
    attributes = 0;
    at.push(name);
    if (at.length > DEEPEST) throw wrong(`line ${parser.line}: its elements are nested more than ${DEEPEST} deep`);
  });
  parser.on('attribute', ({ name }) => {
    if (++attributes > MOST_ATTRIBUTES)
      throw wrong(`line ${parser.line}: an element has more than ${MOST_ATTRIBUTES} attributes (${name.slice(0, 40)})`);
  });
  parser.on('opentag', (tag) => visitor.open?.(at, tag.attributes));
  parser.on('text', (text) => visitor.text?.(at, text));
  parser.on('closetag', () => {
    visitor.close?.(at);
    at.pop();
  });
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => 0, // opening it says why there is none
  );
  if (bytes > largest) throw wrong(`it has ${bytes} bytes, more than the limit of ${largest}`, 'Export it in parts.');
  for await (const chunk of utf8Chunks(path)) parser.write(chunk.toString('utf8'));
  parser.close();
}
