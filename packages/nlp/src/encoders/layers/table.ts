import { modelVariable, type Layer, type ModelVariable } from '@headstart/core/network';
import type { RandomStream } from '@headstart/core';
import { drawNormal } from './draw-normal.ts';

/** A table of vectors, `[rows, width]`. */
export class Table implements Layer {
  readonly rows: ModelVariable;
  readonly variables: readonly ModelVariable[];

  constructor(
    name: string,
    rows: number,
    width: number,
    private readonly deviation: number,
  ) {
    this.rows = modelVariable(name, [rows, width], { role: 'weight', decay: true });
    this.variables = [this.rows];
  }

  initialise(random: RandomStream): void {
    drawNormal(this.rows, this.deviation, random);
  }
}
