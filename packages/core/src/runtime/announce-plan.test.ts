import { expect, it } from 'vitest';
import { datasetOf } from '../domains/splits.ts';
import type { Sample } from '../domains/target-domain.ts';
import { EventBus } from '../training/event-bus.ts';
import type { Transfer } from '../training/transfer.ts';
import { announcePlan, stoppersOf } from './announce-plan.ts';
import type { PlannedTransfer } from './plan-transfer.ts';

/** A transfer with patience whose validation split has so many samples of one class, beside a class that the source has. */
function patient(label: number, validation: number, retainedClasses?: number[]): PlannedTransfer {
  const samples = Array.from({ length: validation }, (_, i): Sample => ({ id: `s${i}`, digest: `${i}`, label }));
  const target = { splits: { validation: datasetOf(samples) }, skipped: [] };
  const task = { monitor: { metric: 'accuracy', mode: 'max' } };
  const transfer = { task, target, patience: 2, retainedClasses } as unknown as Transfer;
  return { transfer, choices: [], reading: {} } as unknown as PlannedTransfer;
}

async function warningsOf(planned: PlannedTransfer): Promise<string[]> {
  const warnings: string[] = [];
  await announcePlan(new EventBus([{ warning: (message) => void warnings.push(message) }]), planned);
  return warnings;
}

it('ends phases by patience where the validation split tells epochs apart, and says why where it does not', async () => {
  for (const told of [patient(1, 50), patient(0, 50, [0])]) {
    expect(stoppersOf(told.transfer)).toHaveLength(1);
    expect(await warningsOf(told)).toEqual([]);
  }
  const few = patient(1, 49);
  expect(stoppersOf(few.transfer)).toEqual([]);
  expect(await warningsOf(few)).toEqual([expect.stringContaining('--patience 2 asks for: 49 validation samples tell')]);
  const unseen = patient(1, 50, [0]);
  expect(stoppersOf(unseen.transfer)).toEqual([]);
  expect(await warningsOf(unseen)).toEqual([
    'No phase ends early, as --patience 2 asks for: the validation split shows nothing of the classes that are kept. Give --epochs.',
  ]);
});
