export { tracking as default, type TrackingOptions } from './plugin.ts';
