export {
  defineConfig,
  openHeadstart,
  program,
  start,
  type ConfigDefaults,
  type HeadstartConfig,
  type OpenHeadstartOptions,
  type PluginEntry,
} from '@headstart/cli';
