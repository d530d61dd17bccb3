import { exportedPageFiles, type ExportedModel, type PageDescription, type PageFile } from '@headstart/core/export';
import { TOKENIZER_FILES } from '../tokens/tokeniser.ts';
import { vectorsOutput } from '../texts/text-page.ts';
import { transformersSnippet } from './transformers-snippet.ts';

/** What the graph calls the inputs that the tokenizer makes. */
export const INPUTS = { ids: 'input_ids', mask: 'attention_mask', types: 'token_type_ids' };

/** The folder's own copies of these serve the page, too. */
const ALREADY_THERE: readonly string[] = Object.values(TOKENIZER_FILES);

/**
 * The page of an exported encoder or classifier: as the task describes it, but of texts of any length, and of the
 * encoder's vectors by the graph's name where there is no classifier.
 */
export async function pageOf(
  { task, labels, backbone, encoder }: ExportedModel,
  { folder, classifies }: { readonly folder: string; readonly classifies: boolean },
): Promise<PageFile[]> {
  const described = (await task.page?.({ backbone, labels, encoder })) ?? {
    unavailable: `the task "${task.id}" does not describe how a page would prepare its inputs.`,
  };
  const description = 'unavailable' in described ? described : forGraph(described, classifies);
  return exportedPageFiles({ task: task.id, labels }, description, {
    runtime: 'onnx',
    path: 'onnx/model.onnx',
    inputs: INPUTS,
    notes: transformersSnippet(folder, classifies),
  });
}

function forGraph({ accepts, input, output, files = [] }: PageDescription, classifies: boolean): PageDescription {
  // The folder's own tokenizer puts the prefix before texts.
  const { padTo: _padTo, prefix: _prefix, ...texts } = input;
  return {
    accepts,
    input: texts,
    output: classifies ? output : vectorsOutput('sentence_embedding', accepts === 'text' ? 'vector' : 'cosine'),
    files: files.filter(([name]) => !ALREADY_THERE.includes(name)),
  };
}
