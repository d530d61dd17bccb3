// `npm run build`: publishable packages. Compiles afresh, puts the licence beside each package, then
// checks what npm would publish and that every entry loads from its compiled files.
// With --check, takes the compiled files as they are.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { entriesOf, workspacePackages, type WorkspacePackage } from './workspace/packages.ts';
import { publishedFilesProblems } from './workspace/published-files.ts';
import { workspaceRoot } from './workspace/root.mjs';

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

const problems: string[] = [];
for (const item of packages) {
  copyFileSync(join(workspaceRoot, 'LICENSE'), join(item.folder, 'LICENSE'));
  const { files, unpackedSize } = packReport(item.folder);
  problems.push(
    ...publishedFilesProblems(
      item.manifest,
      files.map(({ path }) => path),
    ),
  );
  loadEntries(item);
  console.log(
    `${item.manifest.name} ${item.manifest.version}: ${files.length} files, ${Math.ceil(unpackedSize / 1024)} KiB`,
  );
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
