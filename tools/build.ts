// `npm run build`: what gets published, in dist/packages. Compiles afresh, puts the code of others that a package holds into
// its files, lays each package out as users get it, its modules put together, checks it, and loads every entry.
// With --check, takes the compiled files as they are, without those of modules that are gone.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from './publishing/bundle.ts';
import { undeclaredImports } from './publishing/declared-imports.ts';
import { promisedFiles, publishedFilesProblems } from './publishing/published-files.ts';
import { publishedImportsProblems } from './publishing/published-imports.ts';
import { publishedManifestProblems } from './publishing/published-manifest.ts';
import { resolutionProblems } from './publishing/resolution.ts';
import { pack, stage } from './publishing/stage.ts';
import { removeStaleOutputs } from './publishing/stale-outputs.ts';
import { noticeOf } from './workspace/notice.ts';
import { writePageScripts } from './workspace/page-scripts.ts';
import { entriesOf, publishedPackages, type Manifest, type WorkspacePackage } from './workspace/packages.ts';
import { workspaceRoot } from './workspace/root.mjs';
import { vendoredFiles } from './workspace/vendored.ts';

/** Runs a program with this terminal. @throws Error when it ends badly */
function run(args: string[], cwd: string): void {
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: 'inherit' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}.`);
}

/** Puts the code of others that a package holds into its compiled files. @returns its NOTICE, which says whose it is */
async function holdVendored(item: WorkspacePackage): Promise<string> {
  const files = await vendoredFiles(item);
  for (const { path, text } of files) {
    const compiled = join(item.folder, path);
    writeFileSync(compiled, text);
    // What is imported for its effect has no types to offer.
    const declarations = compiled.replace(/\.js$/, '.d.ts');
    writeFileSync(
      declarations,
      `${readFileSync(declarations, 'utf8').replace(/^import '[^']+';\n/gm, '')}\nexport {};\n`,
    );
  }
  return noticeOf(item.manifest.name, [...files, ...(await writePageScripts(item.folder))]);
}

/** Loads a package's entries as a user's program would: by name, compiled, each in a process of its own. */
function loadEntries(item: WorkspacePackage): void {
  for (const { entry } of entriesOf(item))
    run(['--input-type=module', '--eval', `await import(${JSON.stringify(entry)})`], workspaceRoot);
}

/** Loads a package's entries from the files that are published, each in a process of its own. */
function loadPublished(folder: string, manifest: Manifest): void {
  for (const path of promisedFiles(manifest).filter((file) => file.endsWith('.js') && !isCommand(manifest, file)))
    run(
      ['--input-type=module', '--eval', `await import(${JSON.stringify(pathToFileURL(join(folder, path)).href)})`],
      workspaceRoot,
    );
}

const isCommand = ({ bin = {} }: Manifest, file: string) =>
  Object.values(bin).some((path) => path.replace(/^\.\//, '') === file);

const packages = publishedPackages();
const tsc = [join(workspaceRoot, 'node_modules', 'typescript', 'bin', 'tsc'), '-b'];
if (!process.argv.includes('--check')) {
  // A file whose source is gone must not be published.
  for (const { folder } of packages) rmSync(join(folder, 'dist'), { recursive: true, force: true });
}
rmSync(join(workspaceRoot, 'dist', 'packages'), { recursive: true, force: true });
run(tsc, workspaceRoot);
for (const { folder } of packages) removeStaleOutputs(folder);
const notices = new Map<string, string>();
for (const item of packages) notices.set(item.folder, await holdVendored(item));

const problems: string[] = [];
const tarballs = mkdtempSync(join(tmpdir(), 'headstart-tarballs-'));
try {
  for (const item of packages) {
    const compiled = stage(item, notices.get(item.folder)!);
    problems.push(...publishedImportsProblems(compiled.manifest, compiled.files));
    const { folder, manifest, files } = await bundle(compiled);
    const { filename, unpackedSize } = pack(folder, '--pack-destination', tarballs);
    problems.push(
      ...publishedManifestProblems(manifest),
      ...publishedFilesProblems(manifest, files),
      ...undeclaredImports(manifest, files),
      ...(await resolutionProblems(manifest.name, join(tarballs, filename))),
    );
    loadEntries(item);
    loadPublished(folder, manifest);
    console.log(`${manifest.name} ${manifest.version}: ${files.size} files, ${Math.ceil(unpackedSize / 1024)} KiB`);
  }
} finally {
  rmSync(tarballs, { recursive: true, force: true });
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
