export { runClient, type ClientRun } from '../registries/run-client.ts';
