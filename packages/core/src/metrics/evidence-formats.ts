import { classificationFormat } from './classification-format.ts';
import type { EvidenceFormat } from './evidence-format.ts';
import { multiLabelFormat } from './multi-label-format.ts';
import { retrievalFormat } from './retrieval-format.ts';
import { scoreFormat } from './score-format.ts';

/** How evidence is kept of the kinds that core's own evaluators give. */
export const coreFormats: readonly EvidenceFormat[] = [
  classificationFormat,
  multiLabelFormat,
  scoreFormat,
  retrievalFormat,
];
