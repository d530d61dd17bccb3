/** What file managers, cameras, storage devices, archivers and tools leave; in lower case. */
const LEFTOVERS = new Set([
  ...['thumbs.db', 'thumbs.db:encryptable', 'ehthumbs.db', 'ehthumbs_vista.db', 'desktop.ini', 'folder.ini'],
  ...[
    'picasa.ini',
    'icon\r',
    'zbthumbnail.info',
    '__macosx',
    '@eadir',
    '#recycle',
    '#snapshot',
    '@recycle',
    '@__thumb',
  ],
  ...['$recycle.bin', 'recycler', 'system volume information', 'lost+found', 'lost.dir', 'found.000'],
  ...['__pycache__', 'node_modules'],
]);
const NOTICES = new Set(['readme', 'license', 'licence', 'copying', 'notice']);

/** Whether a name is none of a data set's own: hidden, a notice, a file manager's or an archiver's leftovers. */
export function isLeftover(name: string): boolean {
  const word = name.toLowerCase();
  return name.startsWith('.') || name.startsWith('~$') || LEFTOVERS.has(word) || NOTICES.has(word);
}
