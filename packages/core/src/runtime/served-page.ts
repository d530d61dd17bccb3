import { servedPageFiles } from '../export/page/page-files.ts';
import type { PageAccepts, PageFile } from '../tasks/page-description.ts';
import type { EvaluatedModel } from './evaluate-model.ts';

/** The files of a page that asks a server about inputs of a model. */
export async function servedPageOf({
  task,
  card: { labels },
  model,
  encoder,
}: Pick<EvaluatedModel, 'task' | 'card' | 'model' | 'encoder'>): Promise<PageFile[]> {
  const description = await task.page?.({ backbone: model.backbone, labels, encoder });
  const accepts = description && 'accepts' in description ? description.accepts : acceptedOf(task.modality);
  return servedPageFiles({ task: task.id, labels }, accepts);
}

/** What a page asks for where the task does not say. */
function acceptedOf(modality: string): PageAccepts {
  if (modality === 'image') return 'picture';
  return modality === 'text' ? 'text' : 'file';
}
