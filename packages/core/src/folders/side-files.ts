const SIDE_NAMES = new Set(['thumbs.db', 'desktop.ini', 'readme', 'license', 'licence', 'copying', 'notice']);

/** Whether a name is none of a data set's own: hidden, a notice, a file manager's or an archiver's leftovers. */
export function isLeftover(name: string): boolean {
  return name.startsWith('.') || name === '__MACOSX' || SIDE_NAMES.has(name.toLowerCase());
}
