import type { FileMetaData } from 'hyparquet';
import { isObject } from '../parse-json.ts';

/**
 * The names that whole numbers stand for, by column: what Hugging Face's datasets keep of the features ClassLabel, and lists
 * of it, beside the table.
 */
export function classNames({ key_value_metadata: entries = [] }: FileMetaData): Record<string, readonly string[]> {
  const names: Record<string, readonly string[]> = {};
  for (const [column, feature] of Object.entries(featuresOf(entries.find(({ key }) => key === 'huggingface')?.value))) {
    const found = labelNames(feature);
    if (found) names[column] = found;
  }
  return names;
}

function featuresOf(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    const info = isObject(value) ? value['info'] : undefined;
    const features = isObject(info) ? info['features'] : undefined;
    return isObject(features) ? features : {};
  } catch {
    return {}; // only what the numbers are called is lost
  }
}

function labelNames(feature: unknown): readonly string[] | undefined {
  const element: unknown = Array.isArray(feature)
    ? feature[0]
    : isObject(feature)
      ? (feature['feature'] ?? feature)
      : undefined;
  if (!isObject(element) || element['_type'] !== 'ClassLabel') return undefined;
  const { names } = element;
  return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : undefined;
}
