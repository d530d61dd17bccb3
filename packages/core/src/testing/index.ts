export { checkBackbone, type BackboneCheck } from './check-backbone.ts';
