export { temporaryBeside, writeAtomic } from './atomic-file.ts';
export { publishFolder } from './atomic-folder.ts';
export { cacheRoot } from './cache-root.ts';
export { entryPath, type EntryPath } from './entry-path.ts';
export { chunksOf, openToRead, readRegular } from './file-handles.ts';
export { makeFolder } from './made-folder.ts';
export { sha256File } from './file-digest.ts';
export { withFreeLock, type Holder } from './process-lock.ts';
