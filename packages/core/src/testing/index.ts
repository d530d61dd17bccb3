export { checkBackbone, type BackboneCheck } from './check-backbone.ts';
export { pointPlugin } from './point-domain.ts';
