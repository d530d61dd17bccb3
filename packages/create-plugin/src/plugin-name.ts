import { HeadstartError } from '@headstart/artifacts/errors';
import validate from 'validate-npm-package-name';

/** What follows from the name of a package. */
export interface PluginName {
  /** As it was given: `@acme/headstart-plugin-tone-net`. */
  readonly packageName: string;
  /** Without the scope: `headstart-plugin-tone-net`. */
  readonly folder: string;
  /** What users call what the plugin adds: `tone-net`. */
  readonly id: string;
  /** The id for people: `Tone net`. */
  readonly title: string;
}

/**
 * Checks the name of a package by npm's rules for new ones, and derives the others from it.
 * @throws HeadstartError `invalid-option`
 */
export function parsePluginName(packageName: string): PluginName {
  const { errors = [], warnings = [] } = validate(packageName);
  const [, scope = '', folder = ''] = /^(?:@([^/]+)\/)?(.*)$/s.exec(packageName)!;
  // What is no name by itself is none behind a scope, either: the check of npm's takes `@acme/..`.
  const ofParts = scope === '' ? [] : [scope, folder].flatMap((part) => validate(part).errors ?? []);
  const faults = [...new Set([...errors, ...warnings, ...ofParts])];
  if (faults.length > 0) throw badName(packageName, faults.join('; '));
  const id = idOf(folder.replace(/^headstart(-plugin)?(-|$)/, '')) || idOf(scope);
  if (id === '') throw badName(packageName, 'it says nothing beyond what every plugin is called');
  return { packageName, folder, id, title: id.charAt(0).toUpperCase() + id.slice(1).replaceAll('-', ' ') };
}

/** Letters and digits, joined by hyphens. */
function idOf(name: string): string {
  return name.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
}

function badName(name: string, why: string): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `"${name}" cannot be the name of a new package: ${why}.`,
    hint: 'Choose a name of lower-case letters, digits and hyphens, such as headstart-plugin-tones or @acme/headstart-plugin-tones.',
  });
}
