import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { currentNotices } from '../tools/third-party-notices.ts';
import { workspacePackages, type Manifest } from '../tools/workspace/packages.ts';
import { workspaceRoot } from '../tools/workspace/root.mjs';

const root = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8')) as Manifest;
const packages = workspacePackages();
const versions = new Map(packages.map(({ manifest }) => [manifest.name, manifest.version]));

describe.each(packages.map((item) => [item.manifest.name, item] as const))('%s', (_name, { folder, manifest }) => {
  it('says what it is: licence, description, module type, Node versions', () => {
    expect(manifest).toMatchObject({ license: 'Apache-2.0', type: 'module', engines: root.engines });
    expect(manifest.description).toMatch(/\w+/);
  });

  it('has a README that names it and each of its dependencies', () => {
    const path = join(folder, 'README.md');
    expect(existsSync(path), `${path} is missing`).toBe(true);
    const text = readFileSync(path, 'utf8');
    const named = [manifest.name, ...Object.keys(manifest.dependencies ?? {})];
    expect(named.filter((name) => !text.includes(name))).toEqual([]);
  });

  it('exports its sources to the workspace and compiled files with types to everyone else', () => {
    expect(manifest.exports?.['.']).toEqual({
      '@headstart/source': './src/index.ts',
      types: './dist/index.d.ts',
      default: './dist/index.js',
    });
    const entries = Object.entries(manifest.exports ?? {}).filter(([path]) => path !== './package.json');
    for (const [, target] of entries) {
      const name = /^\.\/src\/(.+)\.ts$/.exec((target as Record<string, string>)['@headstart/source'] ?? '')?.[1];
      expect(target).toEqual({
        '@headstart/source': `./src/${name}.ts`,
        types: `./dist/${name}.d.ts`,
        default: `./dist/${name}.js`,
      });
      expect(existsSync(join(folder, 'src', `${name}.ts`)), name).toBe(true);
    }
  });

  it('has the tag that its arrows follow from, and the targets of the workspace', () => {
    expect(
      manifest.nx?.tags?.filter((tag) => /^scope:(artifacts|core|backend|domain|bench|app)$/.test(tag)),
    ).toHaveLength(1);
    expect(Object.keys(manifest.nx?.targets ?? {})).toEqual(
      expect.arrayContaining(['build', 'lint', 'test', 'typecheck']),
    );
  });

  it('is compiled with the workspace, with a reference for each package of ours that it depends on', () => {
    const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as { references: { path: string }[] };
    const short = (name: string) => name.replace('@headstart/', '');
    expect(read(join(workspaceRoot, 'tsconfig.json')).references).toContainEqual({
      path: `./packages/${short(manifest.name)}`,
    });
    const ours = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter((name) =>
      versions.has(name),
    );
    expect(
      read(join(folder, 'tsconfig.json'))
        .references.map(({ path }) => path)
        .sort(),
    ).toEqual(ours.map((name) => `../${short(name)}`).sort());
  });

  it('asks for the versions that the workspace has, and for patches of them', () => {
    const asked = Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.peerDependencies,
    });
    for (const [name, range] of asked.filter(([name]) => name.startsWith('@headstart/'))) {
      expect(range, name).toBe(`^${versions.get(name)}`);
    }
  });
});

describe('dependencies', () => {
  it('agree on their versions across packages', () => {
    const ranges = new Map<string, Set<string>>();
    for (const { manifest } of packages) {
      for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
        ranges.set(name, (ranges.get(name) ?? new Set()).add(range));
      }
    }
    expect([...ranges].filter(([, found]) => found.size > 1)).toEqual([]);
  });

  it('have licences that we take, and notices that are up to date', async () => {
    const text = readFileSync(join(workspaceRoot, 'THIRD-PARTY-NOTICES.md'), 'utf8');
    expect(text, 'run `npm run notices`').toBe(await currentNotices());
  });

  it('are locked by digest, without the address of a registry, for every platform', () => {
    const lock = JSON.parse(readFileSync(join(workspaceRoot, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { link?: boolean; resolved?: string; integrity?: string }>;
    };
    const installed = Object.entries(lock.packages).filter(
      ([path, { link }]) => path.includes('node_modules/') && !link,
    );
    expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
    expect(installed.filter(([, { integrity }]) => integrity === undefined).map(([path]) => path)).toEqual([]);
    for (const binary of [
      '@img/sharp-darwin-arm64',
      '@koromix/koffi-darwin-arm64',
      '@nx/nx-darwin-arm64',
      '@img/sharp-win32-x64',
    ]) {
      expect(lock.packages).toHaveProperty([`node_modules/${binary}`]);
    }
  });
});

describe('tracked files', () => {
  // In halves, so that this file passes its own check.
  const hosts = ['registry.npm' + 'js.org', 'registry.yarn' + 'pkg.com', 'py' + 'pi.org', 'python' + 'hosted.org'];
  const forbidden = new RegExp(
    `${hosts.map((host) => host.replaceAll('.', '\\.')).join('|')}|(?<![\\w./-])/(home|Users|root|work)/[\\w.-]+`,
  );

  /** Files that git tracks or would track, without those deleted in the working tree. */
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: workspaceRoot,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(workspaceRoot, path)));

  it('are found by the check', () => {
    expect(files).toContain('package.json');
    expect(forbidden.test(`see https://${hosts[0]}/x`)).toBe(true);
    expect(forbidden.test('open /ho' + 'me/ada/photos')).toBe(true);
    expect(forbidden.test('https://example.com/home/page')).toBe(false);
  });

  it("name no registry's host and nobody's home folder", () => {
    const found = files.flatMap((path) =>
      readFileSync(join(workspaceRoot, path), 'latin1')
        .split('\n')
        .flatMap((line, index) => (forbidden.test(line) ? [`${path}:${index + 1}: ${forbidden.exec(line)?.[0]}`] : [])),
    );
    expect(found).toEqual([]);
  });
});
