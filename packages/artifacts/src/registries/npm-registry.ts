import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { HeadstartError } from '../errors/headstart-error.ts';
import { digestMismatch, notFound, shownUrl, unreachable } from '../artifact-errors.ts';
import type { NpmUri } from '../artifact-uri.ts';
import type { FetchedArchive, FetchRequest } from '../archives/fetched-archive.ts';
import { createHttpClient } from '../http/http-client.ts';
import { download } from '../http/http-download.ts';
import { fetchDocument } from '../http/http-document.ts';
import { npmAuthorization, npmSettings, registryFor } from './npm-settings.ts';

interface Distribution {
  tarball?: string;
  integrity?: string;
  shasum?: string;
}

/**
 * Fetches a package's tarball from the registry that the user's npm settings name, for machines
 * without npm itself. The registry's integrity value is checked.
 *
 * @throws HeadstartError `artifact-not-found`, `artifact-unreachable`, `artifact-digest`, `storage-*`
 */
export async function fetchFromNpmRegistry(uri: NpmUri, request: FetchRequest, key: string): Promise<FetchedArchive> {
  const settings = await npmSettings(request.env, process.cwd());
  const registry = registryFor(uri.name, settings);
  if (!registry) {
    throw unreachable(
      request.label,
      'npm is not on this machine and no npm setting names a registry.',
      'Install npm, or name the registry: set npm_config_registry, or write "registry=…" in your .npmrc.',
    );
  }
  const certificate = settings.get('cafile');
  const proxy = settings.get('https-proxy') ?? settings.get('proxy');
  const http = await createHttpClient(
    proxy ? { ...request.env, https_proxy: proxy, http_proxy: proxy } : request.env,
    certificate ? [certificate] : [],
  );
  try {
    const found = await distribution(uri, registry, settings, { ...request, http });
    const url = new URL(found.tarball!, registry);
    const path = await download(
      { ...request, http },
      {
        url,
        key,
        authorization: npmAuthorization(url, settings),
        allowInsecure: registry.protocol === 'http:',
        accessHint: 'Check the credentials for this registry in your .npmrc.',
      },
    );
    await checkIntegrity(request.label, path, found);
    return { path, strip: 1, via: 'npm registry' };
  } finally {
    await http.close();
  }
}

async function distribution(
  uri: NpmUri,
  registry: URL,
  settings: ReadonlyMap<string, string>,
  request: FetchRequest,
): Promise<Distribution> {
  const url = new URL(uri.name.replace('/', '%2f'), registry);
  const { text } = await fetchDocument(request, {
    url,
    accept: 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8',
    authorization: npmAuthorization(url, settings),
    allowInsecure: registry.protocol === 'http:',
    accessHint: 'Check the credentials for this registry in your .npmrc.',
  });
  let versions: Record<string, { dist?: Distribution } | undefined>;
  try {
    versions = (JSON.parse(text) as { versions?: typeof versions }).versions ?? {};
  } catch (cause) {
    throw unreachable(
      request.label,
      `${shownUrl(url)} did not answer like an npm registry.`,
      'Check the registry in your npm settings.',
      cause,
    );
  }
  const dist = Object.hasOwn(versions, uri.version) ? versions[uri.version]?.dist : undefined;
  if (!dist?.tarball || !URL.canParse(dist.tarball, registry.href))
    throw notFound(request.label, `${shownUrl(registry)} has no version ${uri.version} of ${uri.name}.`);
  return dist;
}

/** Checks a Subresource Integrity value (the strongest digest it has), or the older SHA-1 where there is none. */
async function checkIntegrity(label: string, path: string, { integrity, shasum }: Distribution): Promise<void> {
  const values = new Map(
    (integrity ?? '')
      .split(/\s+/)
      .map((part) => [part.slice(0, part.indexOf('-')), part.slice(part.indexOf('-') + 1)] as const),
  );
  const algorithm = ['sha512', 'sha384', 'sha256'].find((name) => values.has(name)) ?? (shasum ? 'sha1' : undefined);
  if (!algorithm) {
    throw new HeadstartError({
      code: 'artifact-digest',
      message: `${label}: the registry states no digest to check the package against.`,
      hint: 'Use a registry that states integrity values.',
    });
  }
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  const expected =
    algorithm === 'sha1' ? Buffer.from(shasum!, 'hex') : Buffer.from(values.get(algorithm)!.split('?')[0]!, 'base64');
  const received = hash.digest();
  if (!received.equals(expected))
    throw digestMismatch(label, `${algorithm} ${expected.toString('hex')}`, received.toString('hex'));
}
