/** The version of @headstart/vision, as its package.json has it: `npm run versions` writes it. */
export const VERSION: string = '0.1.0';
