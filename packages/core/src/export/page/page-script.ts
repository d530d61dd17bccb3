import { readScript } from '#read-script';

/**
 * The text of a script for browsers that a package ships: `x.entry.js` beside the caller's module, which the package's
 * build bundles from `x.entry.ts`. In the workspace it is bundled when it is asked for.
 *
 * @param url such as `new URL('./browser/tokens.entry.js', import.meta.url)`
 */
export function pageScript(url: URL): Promise<string> {
  return readScript(url);
}
