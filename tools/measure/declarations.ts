// Whether the declarations of every published entry compile for those who use them: each TypeScript from the oldest that is
// supported to the newest, both module resolutions, `skipLibCheck` off. What others' declarations say is theirs, and only
// counted. Reads what `npm run build` laid out; fetches the compilers from the npm registry.
//
//   npm run measure -- declarations
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { entriesOf, publishedPackages } from '../workspace/packages.ts';
import { npm } from '../workspace/npm.mjs';
import { workspaceRoot } from '../workspace/root.mjs';

const VERSIONS = ['5.4', '5.7', '5.9', '6.0', 'latest'];
const RESOLUTIONS = { NodeNext: 'NodeNext', Bundler: 'ESNext' } as const;

const client = npm();
// Inside the workspace, whose node_modules has what the packages depend on.
const folder = await mkdtemp(join(workspaceRoot, 'node_modules', '.headstart-declarations-'));
try {
  await writeConsumer();
  for (const version of VERSIONS) {
    const compiler = await installed(version);
    for (const resolution of Object.keys(RESOLUTIONS) as (keyof typeof RESOLUTIONS)[]) report(compiler, resolution);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** A program that imports every entry, beside links to the packages as they are published. */
async function writeConsumer(): Promise<void> {
  const entries: string[] = [];
  for (const item of publishedPackages()) {
    const { name } = item.manifest;
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(workspaceRoot, 'dist/packages', name.replace('@headstart/', '')), link);
    entries.push(...entriesOf(item).map(({ entry }) => entry));
  }
  const lines = entries.map((entry, i) => `import * as entry${i} from '${entry}';`);
  const used = entries.map((_, i) => `entry${i}`).join(', ');
  await writeFile(join(folder, 'main.ts'), [...lines, `export const all: object[] = [${used}];`, ''].join('\n'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }');
  for (const [moduleResolution, module] of Object.entries(RESOLUTIONS)) {
    const compilerOptions = {
      ...{ module, moduleResolution, target: 'ES2022', lib: ['ES2023', 'DOM'], types: ['node'] },
      ...{ strict: true, noEmit: true, skipLibCheck: false, preserveSymlinks: true, esModuleInterop: true },
    };
    await writeFile(
      join(folder, `tsconfig.${moduleResolution}.json`),
      JSON.stringify({ compilerOptions, files: ['main.ts'] }),
    );
  }
}

/** Installs a TypeScript apart. @returns its version and its compiler */
async function installed(version: string): Promise<{ version: string; tsc: string }> {
  const own = join(folder, `typescript-${version}`);
  await mkdir(own);
  await writeFile(join(own, 'package.json'), '{ "private": true }');
  const { status, stderr } = spawnSync(
    client.file,
    [...client.args, 'install', '--ignore-scripts', `typescript@${version}`],
    {
      cwd: own,
      shell: client.shell,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`typescript@${version} could not be installed: ${stderr}`);
  const tsc = join(own, 'node_modules/typescript/bin/tsc');
  const said = spawnSync(process.execPath, [tsc, '--version'], { encoding: 'utf8' }).stdout;
  return { version: said.replace(/^Version\s+/, '').trim(), tsc };
}

function report({ version, tsc }: { version: string; tsc: string }, resolution: string): void {
  const { status, stdout } = spawnSync(
    process.execPath,
    [tsc, '-p', `tsconfig.${resolution}.json`, '--pretty', 'false'],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  const errors = stdout.split('\n').filter((line) => line.includes('error TS'));
  const ours = errors.filter((line) => /node_modules\/(@headstart|headstart)\/|^main\.ts|^error/.test(line));
  console.log(
    `TypeScript ${version}, ${resolution}: ${ours.length === 0 ? 'compiles' : `${ours.length} errors of ours`}; ${errors.length - ours.length} of others' declarations` +
      (status !== 0 && errors.length === 0 ? `; it ended with ${status}: ${stdout}` : ''),
  );
  for (const line of ours) console.error(`  ${line}`);
  if (ours.length > 0 || (status !== 0 && errors.length === 0)) process.exitCode = 1;
}
