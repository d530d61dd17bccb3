export { HeadstartError, type ErrorCode, type ErrorDetails } from './headstart-error.ts';
export { harmless } from './harmless.ts';
export { nestedDeeper } from './nested.ts';
export { shown } from './shown.ts';
export { storageError, tooManyOpen } from './storage-error.ts';
export { nearestName, unknownName } from './suggest.ts';
