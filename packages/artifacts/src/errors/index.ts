export { HeadstartError, type ErrorCode, type ErrorDetails } from './headstart-error.ts';
export { storageError } from './storage-error.ts';
export { nearestName, unknownName } from './suggest.ts';
