import { fileURLToPath, pathToFileURL } from 'node:url';
import { isAbsolute, resolve } from 'node:path';
import { HeadstartError } from './errors/headstart-error.ts';
import { entryPath } from './storage/entry-path.ts';

/** Which wheel of a Python package is wanted (PEP 425 tags). */
export interface WheelTags {
  /** Such as `3.11`. */
  python: string;
  /** Such as `cp311`. */
  abi?: string;
  /** Such as `manylinux_2_27_x86_64`, in order of preference. */
  platforms: readonly string[];
}

export interface NpmUri {
  scheme: 'npm';
  name: string;
  version: string;
  path: string;
}
export interface PypiUri {
  scheme: 'pypi';
  name: string;
  version: string;
  path: string;
  tags?: WheelTags;
}
export interface HubUri {
  scheme: 'hf';
  repo: string;
  revision: string;
  path: string;
}
export interface WebUri {
  scheme: 'https';
  url: URL;
}
export interface FileUri {
  scheme: 'file';
  path: string;
}
export type ArtifactUri = NpmUri | PypiUri | HubUri | WebUri | FileUri;

const NPM = /^npm:((?:@[a-z0-9~][\w.~-]*\/)?[a-z0-9~][\w.~-]*)@(\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?)(?:\/(.*))?$/i;
const PYPI = /^pypi:([a-z0-9](?:[\w.-]*[a-z0-9])?)@(\d[\w.!+-]*)(?:\/([^?]*))?(?:\?(.*))?$/i;
const HUB = /^hf:((?:[\w.-]+\/)?[\w.-]+)@([\w.-]+)\/(.+)$/;
const FORMS =
  'Write npm:package@1.2.3/path, pypi:package@1.2.3/path, hf:owner/repository@revision/path, https://…, or file:…; versions are exact.';

function invalid(uri: string, why: string): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `"${uri}" is not an artifact's name: ${why}.`,
    hint: FORMS,
  });
}

function innerPath(uri: string, path: string | undefined): string {
  if (!path) return '';
  const checked = entryPath(path);
  if (!checked.ok) throw invalid(uri, `its path ${checked.why}`);
  return checked.path;
}

function wheelTags(uri: string, query: string | undefined): WheelTags | undefined {
  if (!query) return undefined;
  const given = new Map(new URLSearchParams(query));
  for (const [key, value] of given) {
    if (!['python', 'abi', 'platform'].includes(key))
      throw invalid(uri, `"${key}" is not one of python, abi, platform`);
    if (!/^[\w.,]+$/.test(value)) throw invalid(uri, `"${value}" is not a value for ${key}`);
  }
  const python = given.get('python');
  const platform = given.get('platform');
  if (!python || !/^\d+(\.\d+)*$/.test(python) || !platform)
    throw invalid(uri, 'a wheel needs both python (such as 3.11) and platform');
  return { python, abi: given.get('abi'), platforms: platform.split(',').filter(Boolean) };
}

/** Traffic to this machine itself does not leave it, so plain http is fine there. */
export function isLoopback(url: URL): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
}

/** @throws HeadstartError `invalid-option` */
export function parseArtifactUri(uri: string): ArtifactUri {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1]?.toLowerCase();
  switch (scheme) {
    case 'npm': {
      const parts = NPM.exec(uri);
      if (!parts) throw invalid(uri, 'a package name with an exact version is needed');
      return { scheme, name: parts[1]!, version: parts[2]!, path: innerPath(uri, parts[3]) };
    }
    case 'pypi': {
      const parts = PYPI.exec(uri);
      if (!parts) throw invalid(uri, 'a package name with an exact version is needed');
      return {
        scheme,
        name: parts[1]!,
        version: parts[2]!,
        path: innerPath(uri, parts[3]),
        tags: wheelTags(uri, parts[4]),
      };
    }
    case 'hf': {
      const parts = HUB.exec(uri);
      if (!parts) throw invalid(uri, 'a repository, a revision and a path are needed');
      return { scheme, repo: parts[1]!, revision: parts[2]!, path: innerPath(uri, parts[3]) };
    }
    case 'file': {
      const rest = uri.slice('file:'.length);
      try {
        if (rest.startsWith('//')) return { scheme, path: fileURLToPath(uri) };
      } catch (cause) {
        throw invalid(uri, cause instanceof Error ? cause.message : 'it is not a file URL');
      }
      if (!rest) throw invalid(uri, 'the path is missing');
      return { scheme, path: isAbsolute(rest) ? rest : resolve(rest) };
    }
    case 'http':
    case 'https': {
      if (!URL.canParse(uri)) throw invalid(uri, 'it is not a URL');
      const url = new URL(uri);
      if (url.username || url.password) throw invalid(shownCredentials(url), 'a name must not carry a password');
      if (scheme === 'http' && !isLoopback(url))
        throw invalid(uri, 'plain http can be read and changed on the way; use https');
      url.hash = '';
      return { scheme: 'https', url };
    }
    default:
      throw invalid(uri, scheme ? `the scheme "${scheme}:" is not known` : 'the scheme is missing');
  }
}

function shownCredentials(url: URL): string {
  const shown = new URL(url);
  shown.username = shown.password = '';
  return shown.href;
}

/** The name without the path inside: what is fetched to get at the file. */
export function packageUri(uri: NpmUri | PypiUri | WebUri | FileUri): string {
  switch (uri.scheme) {
    case 'npm':
      return `npm:${uri.name}@${uri.version}`;
    case 'pypi': {
      // Names compare as PEP 503 normalises them.
      const name = uri.name.toLowerCase().replace(/[-_.]+/g, '-');
      const tags =
        uri.tags &&
        `?python=${uri.tags.python}${uri.tags.abi ? `&abi=${uri.tags.abi}` : ''}&platform=${uri.tags.platforms.join(',')}`;
      return `pypi:${name}@${uri.version}${tags ?? ''}`;
    }
    case 'https':
      return uri.url.href;
    case 'file':
      return pathToFileURL(uri.path).href;
  }
}
