/**
 * What an installation of the command with a domain holds: megabytes and packages, beside libtensorflow, which is fetched
 * when first needed. Packs what `npm run build` has made and installs it into empty folders, install scripts on.
 *
 *   npm run build && npm run measure -- install-size
 */
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stagedFolder } from '../publishing/stage.ts';
import { publishedPackages } from '../workspace/packages.ts';

const domains = ['vision', 'nlp', 'detection'];
const sets = [...domains.map((domain) => [domain]), domains];

/** Largest packages that are named of each. */
const NAMED = 5;

function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', [...args, '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
}

/** Bytes of the files in a folder, without those of packages inside it. */
function bytesIn(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .reduce((sum, entry) => {
      const path = join(folder, entry.name);
      return sum + (entry.isDirectory() ? bytesIn(path) : lstatSync(path).size);
    }, 0);
}

/** Every package of an installation with its bytes, as npm's own record lists them. */
function packagesOf(folder: string): { name: string; bytes: number }[] {
  const record = JSON.parse(readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8')) as {
    packages: Record<string, unknown>;
  };
  return Object.keys(record.packages).map((path) => ({
    name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
    bytes: bytesIn(join(folder, path)),
  }));
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

const work = mkdtempSync(join(tmpdir(), 'headstart-install-size-'));
try {
  const tarballs = new Map<string, string>();
  for (const item of publishedPackages()) {
    const line = npm(['pack', '--ignore-scripts', '--pack-destination', work], stagedFolder(item))
      .trim()
      .split('\n')
      .at(-1)!;
    tarballs.set(item.manifest.name, join(work, line));
  }
  for (const set of sets) {
    const folder = join(work, set.join('-'));
    mkdirSync(folder);
    // Ours come from their tarballs wherever they are asked for.
    const file = (name: string) => `file:${relative(folder, tarballs.get(name)!).replaceAll('\\', '/')}`;
    const wanted = ['@headstart/cli', ...set.map((domain) => `@headstart/${domain}`)];
    const dependencies = Object.fromEntries(wanted.map((name) => [name, file(name)]));
    const others = [...tarballs.keys()].filter((name) => !wanted.includes(name));
    const overrides = Object.fromEntries(others.map((name) => [name, file(name)]));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }));
    const started = performance.now();
    npm(['install', '--no-audit', '--no-fund'], folder);
    const seconds = (performance.now() - started) / 1000;
    const packages = packagesOf(folder).sort((a, b) => b.bytes - a.bytes);
    const total = packages.reduce((sum, { bytes }) => sum + bytes, 0);
    const largest = packages.slice(0, NAMED).map(({ name, bytes }) => `${name} ${megabytes(bytes)}`);
    console.log(
      `${set.join(' + ').padEnd(26)} ${megabytes(total).padStart(6)} MB  ${String(packages.length).padStart(3)} packages  ` +
        `${seconds.toFixed(0)} s  (${largest.join(', ')})`,
    );
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
