/** The version of @headstart/core, as its package.json has it: `npm run versions` writes it, so that nothing is read at run time. */
export const CORE_VERSION: string = '0.1.0';
