// @ts-check
import { fileURLToPath } from 'node:url';

/** The repository's root folder, without a slash at its end. */
export const workspaceRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
