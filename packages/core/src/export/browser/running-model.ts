import type { PageTensors } from './contract.ts';

/** A network that a runtime library has loaded. */
export interface RunningModel {
  readonly backend: string;
  run(inputs: PageTensors): Promise<PageTensors>;
  dispose(): void;
}
