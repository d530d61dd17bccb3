export { manifestOf } from '../../plugins/manifest-of.ts';
