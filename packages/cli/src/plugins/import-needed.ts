import { pathToFileURL } from 'node:url';
import { HeadstartError } from '@headstart/artifacts/errors';
import { installLine } from '@headstart/core/manifest';
import { entryFile } from '../packages/entry-file.ts';
import { packageFor } from './setting.ts';

/**
 * Imports a package that a command needs, as it is installed for a folder or beside the command.
 * @param who for what it is needed, the beginning of a sentence
 * @throws HeadstartError `plugin-missing`
 */
export async function importNeeded(name: string, who: string, cwd: string): Promise<unknown> {
  const found = packageFor(name, cwd);
  if (!found) throw missingPackage(name, who);
  return import(pathToFileURL(entryFile(found)).href);
}

/** The error for a package that is needed and not installed. @param who for what it is needed, the beginning of a sentence */
export function missingPackage(name: string, who: string): HeadstartError {
  return new HeadstartError({
    code: 'plugin-missing',
    message: `${who} ${name}, which is not installed.`,
    hint: `Install it: ${installLine([name])}`,
    install: name,
  });
}
