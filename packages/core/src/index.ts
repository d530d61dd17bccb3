export { HeadstartError, type ErrorCode, type ErrorDetails } from './errors/headstart-error.ts';
export { storageError } from './errors/storage-error.ts';
export { nearestName, unknownName } from './errors/suggest.ts';
export type { Backend, MemoryReport } from './runtime/backend.ts';
export { silentProgress, type Progress, type ProgressTask } from './runtime/progress.ts';
export { cacheRoot } from './runtime/cache-root.ts';
export type { ArtifactRef, Artifacts, LocalArtifact, LocalPackage } from './artifacts/artifact.ts';
