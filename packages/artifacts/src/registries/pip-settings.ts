import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What pip's settings say about where packages come from. */
export interface IndexSettings {
  /** Bases of the simple API, in order; with pip's own default only where pip is there to give it. */
  indexes: readonly URL[];
  /** Folders or pages that list archives directly. */
  links: readonly URL[];
  certificate?: string;
  proxy?: string;
}

/**
 * pip's settings read from where pip reads them (environment, then virtual environment, user and global
 * files), for machines without pip. Keys as in `pip config list`, such as `global.index-url`.
 */
export async function pipFileSettings(env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const file of configurationFiles(env)) {
    const text = await readFile(file, 'utf8').catch(() => '');
    for (const [key, value] of parseIni(text)) settings[key] = value;
  }
  return settings;
}

/** From the weakest to the strongest. */
function configurationFiles(env: NodeJS.ProcessEnv): string[] {
  const home = env.HOME ?? env.USERPROFILE ?? homedir();
  const given = env.PIP_CONFIG_FILE;
  if (given === '/dev/null' || given?.toLowerCase() === 'nul') return [];
  const site = env.VIRTUAL_ENV ? [join(env.VIRTUAL_ENV, process.platform === 'win32' ? 'pip.ini' : 'pip.conf')] : [];
  let usual: string[];
  if (process.platform === 'win32') {
    usual = [
      join(env.PROGRAMDATA ?? 'C:\\ProgramData', 'pip', 'pip.ini'),
      join(home, 'pip', 'pip.ini'),
      join(env.APPDATA ?? home, 'pip', 'pip.ini'),
    ];
  } else if (process.platform === 'darwin') {
    const support = join(home, 'Library', 'Application Support', 'pip');
    usual = [
      '/Library/Application Support/pip/pip.conf',
      join(home, '.pip', 'pip.conf'),
      existsSync(support) ? join(support, 'pip.conf') : join(home, '.config', 'pip', 'pip.conf'),
    ];
  } else {
    const shared = (env.XDG_CONFIG_DIRS || '/etc/xdg')
      .split(delimiter)
      .map((folder) => join(folder, 'pip', 'pip.conf'))
      .reverse();
    usual = [
      ...shared,
      '/etc/pip.conf',
      join(home, '.pip', 'pip.conf'),
      join(env.XDG_CONFIG_HOME || join(home, '.config'), 'pip', 'pip.conf'),
    ];
  }
  return [...usual, ...site, ...(given ? [given] : [])];
}

/** Sections, `key = value` or `key: value`, continued by indented lines. */
export function parseIni(text: string): Map<string, string> {
  const values = new Map<string, string>();
  let section = '';
  let last: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const heading = /^\[([^\]]+)\]/.exec(line);
    const pair = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line);
    if (heading) {
      section = heading[1]!.trim();
      last = undefined;
    } else if (pair) {
      last = `${section}.${pair[1]!.toLowerCase().replaceAll('_', '-')}`;
      values.set(last, pair[2]!);
    } else if (last && /^\s/.test(line)) {
      values.set(last, `${values.get(last)!}\n${line.trim()}`.trim());
    }
  }
  return values;
}

/** What applies to `pip download`: the environment before the command's section before `[global]`. */
export function indexSettings(
  settings: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv,
  defaultIndex?: string,
): IndexSettings {
  const of = (key: string) =>
    env[`PIP_${key.toUpperCase().replaceAll('-', '_')}`] || settings[`download.${key}`] || settings[`global.${key}`];
  const list = (key: string) =>
    (of(key) ?? '')
      .split(/\s+/)
      .filter(Boolean)
      .map(toUrl)
      .filter((url) => url !== undefined);
  const noIndex = /^(1|true|yes|on)$/i.test(of('no-index') ?? '');
  const main = of('index-url') ?? defaultIndex;
  return {
    indexes: noIndex
      ? []
      : [...(main ? [toUrl(main)] : []).filter((url) => url !== undefined), ...list('extra-index-url')],
    links: list('find-links'),
    certificate: of('cert'),
    proxy: of('proxy'),
  };
}

function toUrl(text: string): URL | undefined {
  if (/^(https?|file):/i.test(text)) return URL.canParse(text) ? new URL(text) : undefined;
  return pathToFileURL(resolve(text));
}
