// Writes THIRD-PARTY-NOTICES.md from package-lock.json: `npm run notices`. With --check it writes
// nothing and fails where the file is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fetchedWorks } from './workspace/fetched-works.ts';
import { admit, runtimeDependencies, type Dependency, type LockFile } from './workspace/licences.ts';
import { workspacePackages } from './workspace/packages.ts';
import { workspaceRoot } from './workspace/root.mjs';
import { vendoredFiles, type VendoredWork } from './workspace/vendored.ts';

/** Code of others that one of our packages holds. */
interface HeldWork extends VendoredWork {
  readonly in: string;
}

/**
 * The text of THIRD-PARTY-NOTICES.md.
 * @throws Error where a dependency's licence is missing or not admitted
 */
export function thirdPartyNotices(lock: LockFile, held: readonly HeldWork[]): string {
  const notes: string[] = [];
  const licenceOf = (dependency: Dependency) => {
    const marks = admit(dependency).map((note) => {
      if (!notes.includes(note)) notes.push(note);
      return ` [${notes.indexOf(note) + 1}]`;
    });
    return dependency.licence + marks.join('');
  };
  const rows = runtimeDependencies(lock).map(
    (dependency) => `| ${dependency.name} | ${dependency.version} | ${licenceOf(dependency)} |`,
  );
  const heldRows = held.map((work) => `| ${work.name} | ${work.version} | ${licenceOf(work)} | ${work.in} |`);
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
    "## Code inside Headstart's own packages",
    '',
    'Bundled when the packages are built, with parts left out; each file keeps the notices of its authors, and NOTICE',
    'in each package names its works.',
    '',
    '| package | version | licence | in |',
    '| --- | --- | --- | --- |',
    ...heldRows,
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
export async function currentNotices(): Promise<string> {
  const lock = JSON.parse(readFileSync(join(workspaceRoot, 'package-lock.json'), 'utf8')) as LockFile;
  const held: HeldWork[] = [];
  for (const item of workspacePackages())
    for (const { path, works } of await vendoredFiles(item))
      held.push(...works.map((work) => ({ ...work, in: `${item.manifest.name}, ${path}` })));
  return thirdPartyNotices(lock, held);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const path = join(workspaceRoot, 'THIRD-PARTY-NOTICES.md');
  if (!process.argv.includes('--check')) {
    writeFileSync(path, await currentNotices());
  } else if (readFileSync(path, 'utf8') !== (await currentNotices())) {
    console.error('THIRD-PARTY-NOTICES.md is out of date: run `npm run notices`.');
    process.exitCode = 1;
  }
}
