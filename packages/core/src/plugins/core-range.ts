import { satisfies, validRange } from 'semver';
import { HeadstartError } from '@headstart/artifacts/errors';
import { CORE_VERSION } from '../ports/version.ts';

/**
 * Whether a plugin works with this version of core.
 * @param range of versions of core, as the plugin names it
 * @throws HeadstartError `plugin-invalid` for what is no range, `plugin-incompatible` for one that this core is not in
 */
export function checkCoreRange(plugin: string, range: string): void {
  if (!validRange(range)) {
    throw new HeadstartError({
      code: 'plugin-invalid',
      message: `The plugin "${plugin}" asks for the version range "${range}" of @headstart/core, which is not one.`,
      hint: 'Its author should give a semantic version range such as "^0.1".',
    });
  }
  if (!satisfies(CORE_VERSION, range, { includePrerelease: true })) {
    throw new HeadstartError({
      code: 'plugin-incompatible',
      message: `The plugin "${plugin}" works with @headstart/core ${range}; this is ${CORE_VERSION}.`,
      hint: `Install a version of ${plugin} that names ${CORE_VERSION}, or another @headstart/core.`,
    });
  }
}
