import { describe, expect, it } from 'vitest';
import type { Exporter } from './exporter.ts';
import { findExporter } from './find-exporter.ts';

const exporter = (format: string, modality?: string): Exporter => ({
  format,
  modality,
  description: format,
  write: async () => [],
});

describe('findExporter', () => {
  const [anything, text, image] = [exporter('tfjs'), exporter('onnx', 'text'), exporter('png', 'image')];
  const exporters = [anything, text, image];

  it("takes a format's exporter for the modality, or the one for any", () => {
    expect(findExporter(exporters, 'onnx', 'text')).toBe(text);
    expect(findExporter(exporters, 'tfjs', 'text')).toBe(anything);
    expect(findExporter(exporters, 'tfjs', 'image')).toBe(anything);
  });

  it('distinguishes a format of another modality from one that nobody writes', () => {
    const failure = (format: string) => {
      try {
        findExporter(exporters, format, 'image');
      } catch (error) {
        return error;
      }
    };
    expect(failure('onnx')).toMatchObject({
      code: 'not-supported',
      message: 'The format "onnx" holds models of text data, and this one is of image data.',
      hint: 'Formats for this model: tfjs, png.',
    });
    expect(failure('tfj')).toMatchObject({
      code: 'unknown-name',
      hint: 'Did you mean "tfjs"? Formats for this model: tfjs, png.',
    });
  });
});
