import { homedir, platform } from 'node:os';
import { join } from 'node:path';

/**
 * The folder under which artifacts, features and the native library are cached:
 * `HEADSTART_CACHE`, else the platform's cache folder (XDG Base Directory specification,
 * macOS Library/Caches, Windows LocalAppData).
 */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  if (env.HEADSTART_CACHE) return env.HEADSTART_CACHE;
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'headstart');
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Caches', 'headstart');
  if (platform() === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'headstart', 'Cache');
  return join(homedir(), '.cache', 'headstart');
}

/** The cache folder for what is made of artifacts: the one that they name, else `cacheRoot()`. */
export function derivedRoot({ derived }: { readonly derived?: string }): string {
  return derived ?? cacheRoot();
}
