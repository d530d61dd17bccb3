export { serve, type TestServer } from './make-archives.ts';
export { startHubServer, type HubRepository, type HubServer } from './hub-server.ts';
export { makeTarGz, makeZip, type TarPart, type ZipPart } from './make-archives.ts';
