/** A cell of a spreadsheet that a formula computes. */
export class Computed {
  /**
   * @param value what was stored when the workbook was saved
   * @param cell the cell's name, such as B3
   */
  constructor(
    readonly value: unknown,
    readonly cell: string,
  ) {}
}
