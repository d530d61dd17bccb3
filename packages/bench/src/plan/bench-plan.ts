import type { ErrorCode } from '@headstart/artifacts/errors';
import type { TrialIdentity, TrialRequest } from '@headstart/core/trials';
import type { TransferCoordinates } from '../matrix/cell.ts';
import type { Coordinates } from '../records/bench-record.ts';

/** A cell that can be: what determines it is known. */
export interface PlannedCell {
  readonly coordinates: Coordinates;
  /** Id of its record. */
  readonly id: string;
  /** With the one test. */
  readonly identity: TrialIdentity;
  readonly task: string;
}

/** A transfer of the matrix, with the cells that it is judged for; its request has a test for each, in their order. */
export interface PlannedTrial {
  readonly coordinates: TransferCoordinates;
  readonly cells: readonly PlannedCell[];
  readonly request: TrialRequest;
}

/** Cells that cannot be, all for one reason. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly cells: readonly Coordinates[];
}

/** What a matrix comes to before anything is trained. */
export interface BenchPlan {
  readonly trials: readonly PlannedTrial[];
  readonly refused: readonly Refusal[];
}
