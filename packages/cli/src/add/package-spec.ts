import { builtinModules } from 'node:module';
import { usage } from '../failures.ts';

/** A package as it is asked for. */
export interface PackageSpec {
  readonly name: string;
  /** A version, a range or a tag. */
  readonly version?: string;
}

/** What a part of a package's name is made of (npm's rules for new packages, validate-npm-package-name). */
const PART = /^[a-z0-9][a-z0-9._-]*$/;
const VERSION = /^[\w^~][\w.^~+-]*$/;
const MOST_LETTERS = 214;

/**
 * `name` or `name@version`; no folder, address or alias, which could be anything.
 * @throws HeadstartError `usage`
 */
export function parsePackageSpec(text: string): PackageSpec {
  const [, name = '', version] = /^(@?[^@]*)(?:@(.*))?$/s.exec(text) ?? [];
  const problem =
    nameProblem(name) ?? (version === undefined || VERSION.test(version) ? undefined : `"${version}" is no version`);
  if (problem === undefined) return { name, version };
  throw usage(
    `${JSON.stringify(text)} is not the name of a package: ${problem}.`,
    'Give the name that it has on npm, with a version if you like: headstart add headstart-plugin-audio@1.2.0',
  );
}

function nameProblem(name: string): string | undefined {
  const parts = name.startsWith('@') ? name.slice(1).split('/') : [name];
  if (parts.length !== (name.startsWith('@') ? 2 : 1))
    return 'a name has one "/" where it begins with a scope, and none else';
  const wrong = parts.find((part) => !PART.test(part));
  if (wrong === '') return 'a part of it is empty';
  if (wrong !== undefined)
    return `"${wrong}" has other than lower-case letters, digits, "-", "." and "_", or begins with another than a letter or a digit`;
  if (name.length > MOST_LETTERS) return `it has more than ${MOST_LETTERS} letters`;
  if (name === 'node_modules' || name === 'favicon.ico' || builtinModules.includes(name)) return 'the name is reserved';
  return undefined;
}
