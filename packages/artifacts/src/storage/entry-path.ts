export type EntryPath = { ok: true; path: string } | { ok: false; why: string };

const WINDOWS_DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * A path inside an archive or package as it may be joined to a folder on any platform: relative,
 * `/` between its parts, no `.` or `..`, no drive, nothing that a file system reads in a way of its own.
 */
export function entryPath(name: string): EntryPath {
  const refuse = (why: string): EntryPath => ({ ok: false, why });
  if (name.includes('\\')) return refuse('contains a backslash');

  if (/[\u0000-\u001f\u007f]/.test(name)) return refuse('contains a control character');
  if (name.startsWith('/')) return refuse('is an absolute path');
  if (/^[a-z]:/i.test(name)) return refuse('starts with a drive letter');
  if (Buffer.byteLength(name) > 2048) return refuse('is longer than 2048 bytes');
  const parts = name.split('/').filter((part) => part !== '.' && part !== '');
  if (parts.length === 0) return refuse('is empty');
  for (const part of parts) {
    if (part === '..') return refuse('leads out of its folder');
    if (WINDOWS_DEVICE.test(part)) return refuse(`contains the device name "${part}"`);
    if (process.platform === 'win32' && (/[<>:"|?*]/.test(part) || /[. ]$/.test(part))) {
      return refuse(`contains "${part}", which this system cannot store`);
    }
  }
  return { ok: true, path: parts.join('/') };
}

/** Whether `path` is one of the given files or lies in one of the given folders. */
export function isIncluded(path: string, include: readonly string[]): boolean {
  return include.some((prefix) => prefix === '' || path === prefix || path.startsWith(`${prefix}/`));
}
