import { copyFile, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { HeadstartError } from '../errors/headstart-error.ts';
import { storageError } from '../errors/storage-error.ts';
import { digestMismatch, notFound, shownUrl, tooLarge, unreachable } from '../artifact-errors.ts';
import type { PypiUri } from '../artifact-uri.ts';
import type { FetchedArchive, FetchRequest } from '../archives/fetched-archive.ts';
import { createHttpClient } from '../http/http-client.ts';
import { download } from '../http/http-download.ts';
import { fetchDocument } from '../http/http-document.ts';
import type { IndexSettings } from './pip-settings.ts';
import { fitness, normalisedName, normalisedVersion, parseDistribution } from './wheel-tags.ts';

interface Link {
  url: URL;
  file: string;
  /** `[algorithm, hexadecimal digest]` as the index states it. */
  digest?: readonly [string, string];
}

const ACCEPT = 'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1';

/**
 * Fetches a wheel or a source archive from the indexes of the user's pip settings by the simple API
 * (PEP 503 and PEP 691), digests checked. Nothing is built and no code of the package runs.
 *
 * @throws HeadstartError `artifact-not-found`, `artifact-unreachable`, `artifact-digest`, `storage-*`
 */
export async function fetchFromPythonIndex(
  uri: PypiUri,
  settings: IndexSettings,
  request: FetchRequest,
  key: string,
): Promise<FetchedArchive> {
  if (settings.indexes.length + settings.links.length === 0) {
    throw unreachable(
      request.label,
      'pip is not on this machine and no pip setting names an index.',
      'Install Python with pip, or name the index: set PIP_INDEX_URL, or write "index-url = …" under [global] in pip.conf.',
    );
  }
  const proxied = settings.proxy
    ? { ...request.env, https_proxy: settings.proxy, http_proxy: settings.proxy }
    : request.env;
  const http = await createHttpClient(proxied, settings.certificate ? [settings.certificate] : []);
  try {
    const own = { ...request, http };
    const link = await choose(uri, settings, own);
    if (request.maxBytes < Infinity && link.url.protocol === 'file:') await checkSize(link.url, request);
    const path =
      link.url.protocol === 'file:'
        ? await copyLocal(link.url, request)
        : await download(own, { url: link.url, key, allowInsecure: link.url.protocol === 'http:' });
    await checkDigest(request.label, path, link);
    const isWheel = link.file.endsWith('.whl');
    return { path, strip: isWheel ? 0 : 1, via: 'Python index' };
  } finally {
    await http.close();
  }
}

async function choose(uri: PypiUri, settings: IndexSettings, request: FetchRequest): Promise<Link> {
  const pages = [
    ...settings.indexes.map(
      (base) => new URL(`${normalisedName(uri.name)}/`, base.href.endsWith('/') ? base : `${base.href}/`),
    ),
    ...settings.links,
  ];
  const offered: Link[] = [];
  let failed: HeadstartError | undefined;
  for (const page of pages) {
    try {
      offered.push(...(await readPage(page, request)));
    } catch (error) {
      if (!HeadstartError.is(error)) throw error;
      if (error.code !== 'artifact-not-found') failed ??= error;
    }
  }
  let best: { link: Link; fit: number } | undefined;
  const others: string[] = [];
  for (const link of offered) {
    const distribution = parseDistribution(link.file, uri.name);
    if (
      !distribution ||
      distribution.name !== normalisedName(uri.name) ||
      normalisedVersion(distribution.version) !== normalisedVersion(uri.version)
    )
      continue;
    const fit = fitness(distribution, uri.tags);
    if (fit === undefined) others.push(link.file);
    else if (!best || fit > best.fit) best = { link, fit };
  }
  if (best) return best.link;
  if (failed) throw failed;
  const why =
    others.length > 0
      ? `no file fits; offered are ${[...new Set(others)].slice(0, 8).join(', ')}.`
      : `none of ${pages.map((page) => shownUrl(page)).join(', ')} has this version.`;
  throw notFound(
    request.label,
    why,
    others.length > 0 ? 'Name the wheel wanted: ?python=3.11&abi=cp311&platform=….' : undefined,
  );
}

async function readPage(page: URL, request: FetchRequest): Promise<Link[]> {
  if (page.protocol === 'file:') return readLocalPage(page, request);
  const { text, type, url } = await fetchDocument(request, {
    url: page,
    accept: ACCEPT,
    allowInsecure: page.protocol === 'http:',
    accessHint: 'Check the credentials in your pip settings.',
  });
  // Addresses in the page may be relative, and files at the index's own host need its credentials.
  const links = type.includes('json') ? jsonLinks(text, url, request.label) : htmlLinks(text, url);
  for (const link of links) {
    if (link.url.host === page.host && !link.url.username)
      [link.url.username, link.url.password] = [page.username, page.password];
  }
  return links;
}

async function readLocalPage(page: URL, { label }: FetchRequest): Promise<Link[]> {
  const path = fileURLToPath(page);
  try {
    if (!(await stat(path)).isDirectory()) return htmlLinks(await readFile(path, 'utf8'), page);
    const folder = pathToFileURL(path.endsWith('/') ? path : `${path}/`);
    const names = await readdir(path);
    if (names.includes('index.html')) return htmlLinks(await readFile(join(path, 'index.html'), 'utf8'), folder);
    return names.map((file) => ({ file, url: new URL(encodeURIComponent(file), folder) }));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw notFound(label, `${page.href} does not exist.`);
    throw storageError('read', path, cause);
  }
}

function jsonLinks(text: string, base: URL, label: string): Link[] {
  try {
    const { files = [] } = JSON.parse(text) as {
      files?: { filename: string; url: string; hashes?: Record<string, string> }[];
    };
    return files.flatMap(({ filename, url, hashes = {} }) => {
      const algorithm = ['sha512', 'sha384', 'sha256'].find((name) => hashes[name]);
      return URL.canParse(url, base.href)
        ? [
            {
              file: filename,
              url: new URL(url, base),
              digest: algorithm ? ([algorithm, hashes[algorithm]!] as const) : undefined,
            },
          ]
        : [];
    });
  } catch (cause) {
    throw unreachable(
      label,
      `${shownUrl(base)} did not answer like a Python package index.`,
      'Check the index in your pip settings.',
      cause,
    );
  }
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'", '#43': '+' };

/** Anchors of a simple page; the fragment of an address states the digest. */
export function htmlLinks(text: string, base: URL): Link[] {
  const from = /<base\s[^>]*href\s*=\s*["']([^"']*)["']/i.exec(text)?.[1];
  const start = from && URL.canParse(from, base.href) ? new URL(from, base) : base;
  const links: Link[] = [];
  for (const [, double, single] of text.matchAll(/<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)) {
    const href = (double ?? single ?? '').replace(
      /&([a-z]+|#\w+);/gi,
      (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole,
    );
    if (!URL.canParse(href, start.href)) continue;
    const url = new URL(href, start);
    if (!['http:', 'https:', 'file:'].includes(url.protocol)) continue;
    const digest = /^#(sha512|sha384|sha256)=([0-9a-f]+)/i.exec(url.hash);
    url.hash = '';
    links.push({
      url,
      file: decodeURIComponent(basename(url.pathname)),
      digest: digest ? [digest[1]!.toLowerCase(), digest[2]!.toLowerCase()] : undefined,
    });
  }
  return links;
}

async function checkSize(url: URL, { label, maxBytes }: FetchRequest): Promise<void> {
  const found = await stat(fileURLToPath(url)).catch(() => undefined);
  if (!found) throw notFound(label, `${url.href} is listed but does not exist.`);
  if (found.size > maxBytes) throw tooLarge(label, maxBytes);
}

async function copyLocal(url: URL, { staging }: FetchRequest): Promise<string> {
  const path = join(staging, 'download');
  await copyFile(fileURLToPath(url), path).catch((cause: unknown) =>
    Promise.reject(storageError('write', path, cause)),
  );
  return path;
}

async function checkDigest(label: string, path: string, { digest }: Link): Promise<void> {
  if (!digest) return;
  const hash = createHash(digest[0]);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  const received = hash.digest('hex');
  if (received !== digest[1]) throw digestMismatch(label, `${digest[0]} ${digest[1]}`, received);
}
