import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectFolder } from './npm-client.ts';

/** npm's settings as they would apply in `folder`: environment before project, user, global files. */
export async function npmSettings(env: NodeJS.ProcessEnv, folder: string): Promise<Map<string, string>> {
  const fromEnv = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    const key = /^npm_config_(.+)$/i.exec(name)?.[1];
    // A leading underscore marks a credential and stays; the others stand for dashes.
    if (key && value)
      fromEnv.set(key.startsWith('//') || key.startsWith('@') ? key : key.toLowerCase().replace(/(?!^)_/g, '-'), value);
  }
  const project = projectFolder(folder);
  const prefix = env.PREFIX ?? dirname(dirname(process.execPath));
  const files = [
    project && join(project, '.npmrc'),
    fromEnv.get('userconfig') ?? join(env.HOME ?? env.USERPROFILE ?? homedir(), '.npmrc'),
    fromEnv.get('globalconfig') ?? join(prefix, 'etc', 'npmrc'),
  ];
  const settings = new Map(fromEnv);
  for (const file of files) {
    if (!file) continue;
    const text = await readFile(file, 'utf8').catch(() => '');
    for (const [key, value] of parseNpmrc(text, env)) if (!settings.has(key)) settings.set(key, value);
  }
  return settings;
}

/** `key = value` lines of an npmrc, `${NAME}` replaced from the environment. */
export function parseNpmrc(text: string, env: NodeJS.ProcessEnv): Map<string, string> {
  const settings = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const parts = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (!parts) continue;
    const value = parts[2]!.replace(/^(["'])(.*)\1$/, '$2');
    settings.set(expand(parts[1]!, env), expand(value, env));
  }
  return settings;
}

function expand(text: string, env: NodeJS.ProcessEnv): string {
  return text.replace(/\$\{([^}?]+)(\?)?\}/g, (whole, name: string, optional) => env[name] ?? (optional ? '' : whole));
}

/** The registry that serves `name`, as the settings say; undefined where they say nothing. */
export function registryFor(name: string, settings: ReadonlyMap<string, string>): URL | undefined {
  const scope = /^(@[^/]+)\//.exec(name)?.[1];
  const registry = (scope && settings.get(`${scope}:registry`)) || settings.get('registry');
  return registry && URL.canParse(registry) ? new URL(registry.endsWith('/') ? registry : `${registry}/`) : undefined;
}

/** The Authorization header for an address: the credentials of the nearest folder above it (`//host/path/:_authToken`). */
export function npmAuthorization(url: URL, settings: ReadonlyMap<string, string>): string | undefined {
  for (let path = url.pathname; ; path = path.slice(0, path.lastIndexOf('/', path.length - 2) + 1) || '/') {
    for (const spelled of [path, path.replace(/\/$/, '')]) {
      const of = (name: string) => settings.get(`//${url.host}${spelled}:${name}`);
      const token = of('_authToken');
      if (token) return `Bearer ${token}`;
      const basic = of('_auth');
      if (basic) return `Basic ${basic}`;
      const user = of('username');
      const password = of('_password');
      if (user && password)
        return `Basic ${Buffer.from(`${user}:${Buffer.from(password, 'base64').toString()}`).toString('base64')}`;
    }
    if (path === '/' || path === '') return undefined;
  }
}
