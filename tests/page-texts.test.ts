import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend } from '@headstart/backend';
import { createHeadstart, type Headstart, type LoadedModel } from '@headstart/core';
import nlp, { type TextPrediction } from '@headstart/nlp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_HERE, openBrowser, type Browser } from './browser.ts';

const modules = new URL('../node_modules', import.meta.url).pathname;

const TEXTS = [
  'Works perfectly, I love it.',
  'It broke after two days; a waste of money — do not buy this!',
  `${'The sound is clear and loud, said nobody. '.repeat(60)}Terrible.`,
  'Ünïcödé, naïve café 日本語',
];

/** Asks predict.js about texts, one after another. */
const ask = (inputs: readonly unknown[], options = '{}') => `
  import { load } from '/model/predict.js';
  export default async () => {
    const model = await load(${options});
    const found = [];
    for (const input of ${JSON.stringify(inputs)})
      found.push(await model.predict(input).catch(({ code, message, hint }) => ({ code, message, hint })));
    return { backend: model.backend, found };
  };`;

describe.skipIf(!BROWSER_HERE)('an exported page of texts', () => {
  let root: string;
  let headstart: Headstart;
  let browser: Browser;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'headstart-page-texts-'));
    headstart = await createHeadstart({ backend: await openBackend({ prefer: 'libtensorflow' }), plugins: [nlp()] });
    browser = await openBrowser();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await headstart?.close();
    await rm(root, { recursive: true });
  });

  async function trained(source: string, strategy: string): Promise<LoadedModel<TextPrediction>> {
    const out = join(root, source);
    await headstart.train({ target: 'sentiment-amazon', source, strategy, seed: 7, epochs: 2, out });
    return headstart.load<TextPrediction>(out);
  }

  function expectAlike(found: readonly TextPrediction[], ours: readonly TextPrediction[]): void {
    found.forEach((prediction, i) => {
      expect(prediction, JSON.stringify(prediction)).toHaveProperty('top');
      for (const { label, probability } of prediction.top)
        expect(
          Math.abs(probability - ours[i]!.top.find((one) => one.label === label)!.probability),
          `${TEXTS[i]!.slice(0, 40)}: ${label}`,
        ).toBeLessThan(0.005);
    });
  }

  describe('on an encoder', () => {
    let model: LoadedModel<TextPrediction>;
    let ours: TextPrediction[];
    beforeAll(async () => {
      model = await trained('minilm-l6', 'linear-probe');
      ours = await model.predict(TEXTS);
    }, 300_000);
    afterAll(() => model?.dispose());

    it.each(['onnx', 'tfjs'])(
      'gives in the format %s the probabilities that it gives here',
      async (format) => {
        const folder = join(root, `minilm-${format}`);
        await model.export(format, folder);
        const asked = [...TEXTS, '  ', 7, ['one', 'two', 'three']];
        const { found, backend } = await browser.run<{ found: TextPrediction[]; backend: string }>(ask(asked), {
          model: folder,
        });
        expect(backend).toBe(format === 'onnx' ? 'onnx' : 'wasm');
        expectAlike(found.slice(0, TEXTS.length), ours);
        expect(found.slice(TEXTS.length)).toEqual(
          ['The text is empty.', 'The model takes texts', 'The model takes one text or two'].map(
            (message) =>
              expect.objectContaining({
                code: 'input-unreadable',
                message: expect.stringContaining(message) as string,
              }) as object,
          ),
        );
      },
      300_000,
    );

    it("loads by the README's snippet for transformers.js, in a page as printed", async () => {
      const folder = join(root, 'minilm-onnx');
      const readme = await readFile(join(folder, 'README.md'), 'utf8');
      const snippet = /## With transformers\.js[^]*?```js\n([^]*?)```/.exec(readme)![1]!;
      // The page stands inside the exported folder; where the library's own WebAssembly comes from is this test's affair.
      const script = `
        import { env } from '@huggingface/transformers';
        env.backends.onnx.wasm.wasmPaths = location.origin + '/wasm/';
        env.useBrowserCache = false;
        const said = [];
        const log = console.log;
        console.log = (...values) => said.push(...values);
        await import('/models/minilm-onnx/snippet.mjs');
        console.log = log;
        export default () => said;`;
      const said = await browser.run<{ label: string; score: number }[][]>(
        script,
        {
          library: join(modules, '@huggingface/transformers/dist'),
          wasm: join(modules, 'onnxruntime-web/dist'),
          models: root,
        },
        {
          imports: {
            '@huggingface/transformers': '/library/transformers.min.js',
          },
          scripts: { '/models/minilm-onnx/snippet.mjs': snippet },
        },
      );
      const [expected] = await model.predict(['Great phone, works well']);
      expect(said[0]![0]!.label).toBe(expected!.label);
      expect(Math.abs(said[0]![0]!.score - expected!.probability)).toBeLessThan(0.2);
    }, 300_000);
  });

  it('on words gives the probabilities that it gives here', async () => {
    const model = await trained('text-cnn', 'fine-tune');
    const folder = join(root, 'text-cnn-tfjs');
    await model.export('tfjs', folder);
    const ours = await model.predict(TEXTS);
    model.dispose();
    const { found } = await browser.run<{ found: TextPrediction[] }>(ask(TEXTS), { model: folder });
    expectAlike(found, ours);
  }, 300_000);

  it('is left out where the network that reads texts is not exported, and the README says so', async () => {
    const model = await trained('use-lite', 'linear-probe');
    const folder = join(root, 'use-lite-tfjs');
    const files = await model.export('tfjs', folder);
    model.dispose();
    expect(files.map((file) => file.slice(folder.length + 1))).not.toContain('index.html');
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toContain('There is no page beside it');
  }, 300_000);
});
