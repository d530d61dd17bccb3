import { readFileSync } from 'node:fs';

/** The version of @headstart/core, as its package says. */
export const CORE_VERSION: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
