import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What is read of a package.json. */
export interface PackageJson {
  readonly name?: string;
  readonly version?: string;
  readonly keywords?: readonly string[];
  readonly exports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  /** What a plugin says that it brings. */
  readonly headstart?: unknown;
}

/** A package as it is installed. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  readonly json: PackageJson;
}

/** @param file the path of a package.json that is there; undefined where it is not JSON */
export function readPackage(file: string): InstalledPackage | undefined {
  try {
    const json = JSON.parse(readFileSync(file, 'utf8')) as PackageJson;
    return { name: json.name ?? '', version: json.version ?? '0.0.0', folder: dirname(file), json };
  } catch {
    return undefined;
  }
}
