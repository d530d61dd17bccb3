import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { datasetOf } from '../../domains/splits.ts';
import type { LabelledObject, Sample } from '../../domains/target-domain.ts';
import { countSplits } from '../count-splits.ts';
import type { Inspection } from '../inspection.ts';
import type { View } from '../looked-at.ts';
import { inspectionPage } from './inspection-page.ts';

const sample = (id: string, label?: number): Sample => ({ id, digest: id, ...(label !== undefined && { label }) });

async function pageOf(names: string[], train: Sample[], view: View, more: Partial<Inspection> = {}) {
  const splits = { train: datasetOf(train), validation: datasetOf<Sample>([]), test: datasetOf<Sample>([]) };
  const inspection: Inspection = {
    target: '/data/<b>photos',
    reader: 'any',
    why: 'it looks so',
    task: 't',
    modality: 'm',
    splits: 'drawn',
    ...countSplits(splits, names),
    examples: [],
    warnings: [],
    unchecked: [],
    cleaned: [],
    skipped: [],
    passedOver: [],
    ...more,
  };
  return inspectionPage(inspection, { splits, names, view });
}

describe('the page of an inspection', () => {
  it('is complete in itself, and takes nothing of the data for markup', async () => {
    const warning = { code: 'odd', message: 'Is <i>odd</i>.', hint: 'Look & see.', samples: ['<s>'] };
    const html = await pageOf(['<cat>'], [sample('<script>1', 0)], ({ id }) => ({ texts: [`${id} "text"`] }), {
      warnings: [warning],
      error: { code: 'label-invalid', message: '<u>No</u>.', hint: 'Do.' },
      passedOver: [{ what: 'files', count: 1, examples: ['<x>'] }],
    });
    expect(html).toContain('What train would read of &lt;b&gt;photos');
    for (const tag of ['<cat>', '<script>1', '<i>odd', '<s>', '<u>', '<x>']) expect(html).not.toContain(tag);
    expect(html).toContain('&lt;script&gt;1 &quot;text&quot;');
    expect(html).toContain('Look &amp; see.');
    expect(html).not.toMatch(/(src|href)="(?!data:|#)/);
    expect(html).not.toMatch(/url\(|@import/);
  });

  it('shows pictures by class, with their boxes drawn where they are', async () => {
    const picture = sharp({ create: { width: 100, height: 50, channels: 3, background: '#808080' } });
    const bytes = await picture.png().toBuffer();
    const object: LabelledObject = { label: 1 };
    const view: View = ({ objects }) => ({
      picture: {
        image: { kind: 'memory', bytes },
        size: { width: 100, height: 50 },
        boxes: objects!.map(() => [10, 10, 40, 30] as const),
      },
    });
    const html = await pageOf(
      ['cat', 'dog'],
      [
        { ...sample('1'), objects: [object] },
        { ...sample('2'), objects: [] },
      ],
      view,
    );
    expect([...html.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, name]) => name)).toEqual(['dog', 'without a class']);
    const pictures = [...html.matchAll(/src="data:image\/jpeg;base64,([^"]+)"/g)].map(([, base64]) => base64!);
    expect(pictures).toHaveLength(2);
    const colours = await Promise.all(
      pictures.map(async (base64) => {
        const { data, info } = await sharp(Buffer.from(base64, 'base64')).raw().toBuffer({ resolveWithObject: true });
        const at = info.channels * (25 * info.width + 10); // the left edge of the box
        return Math.max(...data.subarray(at, at + 3)) - Math.min(...data.subarray(at, at + 3));
      }),
    );
    expect(colours[0]).toBeGreaterThan(40);
    expect(colours[1]).toBeLessThan(10);
  });

  it('says so where a picture cannot be decoded, and shows samples of other kinds by their ids', async () => {
    const broken: View = () => ({ picture: { image: { kind: 'memory', bytes: Buffer.from('no picture') } } });
    expect(await pageOf(['cat'], [sample('x.png', 0)], broken)).toContain('<p class="bad">x.png: ');
    const html = await pageOf(['cat'], [sample('sound 1', 0)], () => ({}));
    expect(html).toContain('<th scope="row">sound 1</th><td>cat</td><td>train</td>');
    expect(html).toContain('Nothing looks wrong.');
  });

  it('stays small, however many samples and classes there are', async () => {
    const names = Array.from({ length: 300 }, (_, n) => `class ${n}`);
    const samples = Array.from({ length: 6000 }, (_, n) => sample(`s${n}`, n % 300));
    const html = await pageOf(names, samples, ({ id }) => ({ texts: [id.repeat(1000)] }));
    expect(html.length).toBeLessThan(400_000);
    expect(html).toContain('… and 100 more classes.');
  });
});
