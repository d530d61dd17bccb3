import { stat } from 'node:fs/promises';
import { tooLarge } from './artifact-errors.ts';
import type { NpmUri, PypiUri, WebUri } from './artifact-uri.ts';
import type { FetchedArchive, FetchRequest } from './archives/fetched-archive.ts';
import { download } from './http/http-download.ts';
import { fetchWithNpm } from './registries/npm-client.ts';
import { fetchFromNpmRegistry } from './registries/npm-registry.ts';
import { fetchWithPip, findPip } from './registries/pip-client.ts';
import { indexSettings, pipFileSettings } from './registries/pip-settings.ts';
import { fetchFromPythonIndex } from './registries/python-index.ts';

/**
 * Brings the archive behind a package's name: by the registry's own client where it is on this
 * machine, else by the registry that the client's settings name.
 */
export async function fetchArchive(
  uri: NpmUri | PypiUri | WebUri,
  request: FetchRequest,
  key: string,
): Promise<FetchedArchive> {
  const fetched = await bring(uri, request, key);
  if ((await stat(fetched.path)).size > request.maxBytes) throw tooLarge(request.label, request.maxBytes);
  return fetched;
}

async function bring(uri: NpmUri | PypiUri | WebUri, request: FetchRequest, key: string): Promise<FetchedArchive> {
  switch (uri.scheme) {
    case 'npm':
      return (await fetchWithNpm(uri, request)) ?? (await fetchFromNpmRegistry(uri, request, key));
    case 'pypi': {
      const pip = await findPip(request.staging, request.env);
      const wheel = pip && (await fetchWithPip(pip, uri, request));
      if (wheel) return wheel;
      const settings = pip?.settings ?? (await pipFileSettings(request.env));
      return fetchFromPythonIndex(uri, indexSettings(settings, request.env, pip?.defaultIndex), request, key);
    }
    case 'https':
      return { path: await download(request, { url: uri.url, key }), strip: 0, via: 'https' };
  }
}
