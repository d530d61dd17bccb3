import { HeadstartError } from '@headstart/artifacts/errors';
import { installLine } from '@headstart/core/manifest';

/** The error for a package that is needed and not installed. @param who for what it is needed, the beginning of a sentence */
export function missingPackage(name: string, who: string): HeadstartError {
  return new HeadstartError({
    code: 'plugin-missing',
    message: `${who} ${name}, which is not installed.`,
    hint: `Install it: ${installLine([name])}`,
    install: name,
  });
}
