import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { workspacePackages, type WorkspacePackage } from './packages.ts';

/** A version.ts, with the text that states its package's version. */
export interface StatedVersion {
  readonly path: string;
  readonly text: string;
}

const statement = /(?<=^export const \w+: string = ')[^']*(?=';$)/m;

/**
 * The files named version.ts that state another version than their package.json, with the text that they should have.
 * @throws Error for a version.ts that states none
 */
export function staleVersions(packages: readonly WorkspacePackage[] = workspacePackages()): StatedVersion[] {
  return packages.flatMap(({ folder, manifest }) =>
    readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => basename(path) === 'version.ts')
      .flatMap((name) => {
        const path = join(folder, 'src', name);
        const text = readFileSync(path, 'utf8');
        if (!statement.test(text)) throw new Error(`${path} states no version: export const NAME: string = '1.2.3';`);
        const right = text.replace(statement, manifest.version);
        return right === text ? [] : [{ path, text: right }];
      }),
  );
}
