export { checkBackbone, type BackboneCheck } from './check-backbone.ts';
export { plainBackend } from './plain-backend.ts';
export { pointPlugin } from './point-domain.ts';
export { startHubServer, type HubRepository, type HubServer } from '@headstart/artifacts/testing';
