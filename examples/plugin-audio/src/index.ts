export { audio, audio as default } from './plugin.ts';
export type { AudioSample } from './clips/audio-sample.ts';
export type { LogMelSettings } from './features/log-mel.ts';
