import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { npm } from '../workspace/npm.mjs';
import type { Manifest, WorkspacePackage } from '../workspace/packages.ts';
import { workspaceRoot } from '../workspace/root.mjs';
import { publishedManifest, type Origin } from './published-manifest.ts';

/** A package as users get it, laid out in a folder that `npm publish` takes as it is. */
export interface StagedPackage {
  /** Absolute path. */
  folder: string;
  manifest: Manifest;
  /** Text by path relative to the folder, with slashes. */
  files: ReadonlyMap<string, string>;
}

/** What `npm pack` says about a package. */
export interface PackReport {
  filename: string;
  unpackedSize: number;
  files: { path: string }[];
}

/** Runs `npm pack` on a folder, its scripts off. @throws Error when npm fails */
export function pack(folder: string, ...options: string[]): PackReport {
  const { file, args, shell } = npm();
  const text = execFileSync(file, [...args, 'pack', '--json', '--ignore-scripts', '--loglevel=error', ...options], {
    cwd: folder,
    encoding: 'utf8',
    shell,
  });
  // npm 11 lists reports, npm 12 names them by package.
  const report = Object.values(JSON.parse(text) as PackReport[] | Record<string, PackReport>)[0];
  if (report === undefined) throw new Error(`npm pack reported nothing for ${folder}.`);
  return report;
}

/** Where a package is staged: `dist/packages/<its folder's name>` of the root. */
export function stagedFolder({ folder }: WorkspacePackage): string {
  return join(workspaceRoot, 'dist', relative(workspaceRoot, folder));
}

/** Lays out what users get of a compiled package, with the text of its NOTICE, in place of what lay there. */
export function stage(item: WorkspacePackage, notice: string): StagedPackage {
  const folder = stagedFolder(item);
  rmSync(folder, { recursive: true, force: true });
  const take = (from: string, path: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(from, path), join(folder, path));
  };
  const packed = pack(item.folder, '--dry-run').files.map(({ path }) => path);
  for (const path of packed) take(item.folder, path);
  take(workspaceRoot, 'LICENSE');
  writeFileSync(join(folder, 'NOTICE'), notice);
  const origin = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8')) as Origin;
  const place = relative(workspaceRoot, item.folder).split(sep).join('/');
  const manifest = publishedManifest(item.manifest, place, origin);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const paths = [...new Set([...packed, 'LICENSE', 'NOTICE'])];
  return { folder, manifest, files: new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')])) };
}
