export { program } from './program.ts';
export { defineConfig, type ConfigDefaults, type HeadstartConfig, type PluginEntry } from './config/config.ts';
export { openHeadstart, type OpenHeadstartOptions } from './open-headstart.ts';
export { start } from './start.ts';
