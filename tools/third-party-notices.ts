// Writes THIRD-PARTY-NOTICES.md from package-lock.json: `npm run notices`. With --check it writes
// nothing and fails where the file is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fetchedWorks } from './workspace/fetched-works.ts';
import { admit, runtimeDependencies, type LockFile } from './workspace/licences.ts';
import { workspaceRoot } from './workspace/root.mjs';

/**
 * The text of THIRD-PARTY-NOTICES.md.
 * @throws Error where a dependency's licence is missing or not admitted
 */
export function thirdPartyNotices(lock: LockFile): string {
  const notes: string[] = [];
  const rows = runtimeDependencies(lock).map((dependency) => {
    const marks = admit(dependency).map((note) => {
      if (!notes.includes(note)) notes.push(note);
      return ` [${notes.indexOf(note) + 1}]`;
    });
    return `| ${dependency.name} | ${dependency.version} | ${dependency.licence}${marks.join('')} |`;
  });
  return [
    '# Third-party notices',
    '',
    'Headstart itself is under the Apache License 2.0 (LICENSE). This page is made by `npm run notices` from',
    'package-lock.json and checked by a test; do not edit it by hand.',
    '',
    '## Packages that Headstart depends on at run time',
    '',
    'npm installs them, each with the text of its licence; prebuilt binaries of every platform are listed, and',
    'one platform installs its own only.',
    '',
    '| package | version | licence |',
    '| --- | --- | --- |',
    ...rows,
    '',
    ...notes.flatMap((note, index) => [`[${index + 1}] ${note}`, '']),
    '## Native library, weights and data',
    '',
    "Fetched on the user's machine when first needed; none of them is part of this repository or its packages.",
    '',
    '| work | from | licence | terms |',
    '| --- | --- | --- | --- |',
    ...fetchedWorks.map(({ title, from, licence, terms }) => `| ${title} | ${from} | ${licence} | ${terms} |`),
    '',
  ].join('\n');
}

/** What THIRD-PARTY-NOTICES.md has to say for the lock file as it stands. */
export function currentNotices(): string {
  return thirdPartyNotices(JSON.parse(readFileSync(join(workspaceRoot, 'package-lock.json'), 'utf8')) as LockFile);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const path = join(workspaceRoot, 'THIRD-PARTY-NOTICES.md');
  if (!process.argv.includes('--check')) {
    writeFileSync(path, currentNotices());
  } else if (readFileSync(path, 'utf8') !== currentNotices()) {
    console.error('THIRD-PARTY-NOTICES.md is out of date: run `npm run notices`.');
    process.exitCode = 1;
  }
}
