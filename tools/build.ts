// `npm run build`: publishable packages. Compiles afresh, puts the code of others that a package holds into its files, and
// licence and notices beside them; then checks what npm would publish, that every import is declared and that every
// entry loads from its compiled files.
// With --check, takes the compiled files as they are.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { undeclaredImports } from './workspace/declared-imports.ts';
import { noticeOf } from './workspace/notice.ts';
import { writePageScripts } from './workspace/page-scripts.ts';
import { entriesOf, workspacePackages, type WorkspacePackage } from './workspace/packages.ts';
import { publishedFilesProblems } from './workspace/published-files.ts';
import { workspaceRoot } from './workspace/root.mjs';
import { vendoredFiles } from './workspace/vendored.ts';

interface PackReport {
  unpackedSize: number;
  files: { path: string }[];
}

/** Runs a program with this terminal. @throws Error when it ends badly */
function run(args: string[], cwd: string): void {
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: 'inherit' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}.`);
}

function packReport(folder: string): PackReport {
  const script = process.env['npm_execpath'];
  const command = 'pack --dry-run --json --ignore-scripts --loglevel=error';
  const text = script?.endsWith('.js')
    ? execFileSync(process.execPath, [script, ...command.split(' ')], { cwd: folder, encoding: 'utf8' })
    : execFileSync('npm', command.split(' '), { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
  const parsed = JSON.parse(text) as PackReport[] | Record<string, PackReport>;
  const report = Object.values(parsed)[0];
  if (report === undefined) throw new Error(`npm pack reported nothing for ${folder}.`);
  return report;
}

/** Puts the code of others that a package holds into its compiled files, and says in NOTICE whose it is. */
async function holdVendored(item: WorkspacePackage): Promise<void> {
  const files = await vendoredFiles(item);
  for (const { path, text } of files) {
    const compiled = join(item.folder, path);
    writeFileSync(compiled, text);
    rmSync(`${compiled}.map`, { force: true });
    // What is imported for its effect has no types to offer.
    const declarations = compiled.replace(/\.js$/, '.d.ts');
    writeFileSync(
      declarations,
      `${readFileSync(declarations, 'utf8').replace(/^import '[^']+';\n/gm, '')}\nexport {};\n`,
    );
  }
  writeFileSync(join(item.folder, 'NOTICE'), noticeOf(item.manifest.name, files));
}

/** The published files in which imports stand. */
function publishedTexts(folder: string, paths: readonly string[]): { path: string; text: string }[] {
  return paths
    .filter((path) => /\.([cm]?js|d\.[cm]?ts)$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}

/** Loads a package's entries as a user's program would: by name, compiled, each in a process of its own. */
function loadEntries(item: WorkspacePackage): void {
  for (const { entry } of entriesOf(item))
    run(['--input-type=module', '--eval', `await import(${JSON.stringify(entry)})`], workspaceRoot);
}

const packages = workspacePackages().filter(({ manifest }) => manifest.private !== true);
const tsc = [join(workspaceRoot, 'node_modules', 'typescript', 'bin', 'tsc'), '-b'];
if (!process.argv.includes('--check')) {
  // A file whose source is gone must not be published.
  for (const { folder } of packages) rmSync(join(folder, 'dist'), { recursive: true, force: true });
}
run(tsc, workspaceRoot);
for (const { folder } of packages) await writePageScripts(folder);
for (const item of packages) await holdVendored(item);

const problems: string[] = [];
for (const item of packages) {
  copyFileSync(join(workspaceRoot, 'LICENSE'), join(item.folder, 'LICENSE'));
  const { files, unpackedSize } = packReport(item.folder);
  const paths = files.map(({ path }) => path);
  problems.push(
    ...publishedFilesProblems(item.manifest, paths),
    ...undeclaredImports(item.manifest, publishedTexts(item.folder, paths)),
  );
  loadEntries(item);
  console.log(
    `${item.manifest.name} ${item.manifest.version}: ${files.length} files, ${Math.ceil(unpackedSize / 1024)} KiB`,
  );
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
