export { openBackend } from './open-backend.ts';
export { BACKEND_NAMES, type BackendName, type BackendOptions } from './choice/options.ts';
