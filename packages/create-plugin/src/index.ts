export { createPlugin, type CreatedPlugin } from './create-plugin.ts';
export type { PluginKind, PluginOptions } from './options.ts';
