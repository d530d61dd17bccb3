import type { Modality } from '../domains/source-domain.ts';
import { HeadstartError, nearestName } from '@headstart/artifacts/errors';
import type { Exporter } from './exporter.ts';

/**
 * The exporter of a format for models of one kind of data.
 * @throws HeadstartError `unknown-name` for a format that nobody writes, `not-supported` for one of another modality
 */
export function findExporter(exporters: readonly Exporter[], format: string, modality: Modality): Exporter {
  const fitting = exporters.filter((exporter) => exporter.modality === undefined || exporter.modality === modality);
  const ofFormat = fitting.filter((exporter) => exporter.format === format);
  // One that knows the kind of data knows what its other tools expect.
  const found = ofFormat.find((exporter) => exporter.modality === modality) ?? ofFormat[0];
  if (found) return found;
  const formats = fitting.map((exporter) => exporter.format);
  const elsewhere = exporters.filter((exporter) => exporter.format === format).map((exporter) => exporter.modality);
  const nearest = nearestName(format, formats);
  const hint = `${nearest ? `Did you mean "${nearest}"? ` : ''}Formats for this model: ${formats.join(', ')}.`;
  if (elsewhere.length > 0) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `The format "${format}" holds models of ${elsewhere.join(' and ')} data, and this one is of ${modality} data.`,
      hint,
    });
  }
  throw new HeadstartError({ code: 'unknown-name', message: `There is no export format "${format}".`, hint });
}
