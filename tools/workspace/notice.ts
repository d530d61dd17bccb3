import type { VendoredFile } from './vendored.ts';

/** The text of the MIT licence, which goes with every copy of what is under it. */
const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** The NOTICE of a published package: whose code it holds beside its own, and on what terms. */
export function noticeOf(name: string, vendored: readonly Pick<VendoredFile, 'path' | 'works'>[]): string {
  const own = [
    `Headstart: ${name}`,
    'Copyright the Headstart authors',
    '',
    'Licensed under the Apache License, Version 2.0 (the "License"); see LICENSE.',
    '',
  ];
  if (vendored.length === 0) return own.join('\n');
  const works = vendored.flatMap(({ path, works }) =>
    works.map(({ name, version, licence }) => `- ${path}: ${name} ${version}, ${licence}`),
  );
  return [
    ...own,
    'These files hold the JavaScript of other packages, bundled into one file each, with parts left out. The notices of',
    'their authors stand in the files.',
    '',
    ...works,
    '',
    'The Apache License 2.0 stands in LICENSE. The MIT licence:',
    '',
    mit,
    '',
  ].join('\n');
}
