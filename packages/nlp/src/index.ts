export { nlp, nlp as default } from './plugin.ts';
