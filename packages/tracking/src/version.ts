/** The version of @headstart/tracking, as its package.json has it: `npm run versions` writes it. */
export const VERSION: string = '0.1.0';
