import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend } from '@headstart/backend';
import { createHeadstart } from '@headstart/core';
import vision, { type ImagePrediction } from '@headstart/vision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_HERE, openBrowser, type Browser } from './browser.ts';
import { openPageBrowser, PAGE_VIEWS } from './page-browser.ts';
import { writeClasses } from './page-pictures.ts';

/** How the page in a frame stands after a file was chosen in it. */
const use = (name: string, type: string) => `
  export default async () => {
    const frame = document.body.appendChild(document.createElement('iframe'));
    frame.src = '/model/index.html';
    const until = async (is) => {
      while (!is()) await new Promise((resolve) => setTimeout(resolve, 50));
    };
    const text = (id) => frame.contentDocument?.getElementById(id)?.textContent ?? '';
    await until(() => /Ready|could not/.test(text('status')));
    const chooser = frame.contentDocument.getElementById('file');
    if (text('status') === 'Ready.') {
      const chosen = new frame.contentWindow.DataTransfer();
      const bytes = await (await fetch('/asked/${name}')).blob();
      chosen.items.add(new frame.contentWindow.File([bytes], '${name}', { type: '${type}' }));
      chooser.files = chosen.files;
      chooser.dispatchEvent(new frame.contentWindow.Event('change'));
      await until(() => /Done|No prediction/.test(text('status')));
    }
    return { title: text('title'), status: text('status'), problem: text('problem'), prediction: text('prediction') };
  };`;

interface Shown {
  readonly title: string;
  readonly status: string;
  readonly problem: string;
  readonly prediction: string;
}

describe.skipIf(!BROWSER_HERE)('the page of an exported model', () => {
  let root: string;
  let folder: string;
  let asked: string;
  let browser: Browser;
  let ours: ImagePrediction;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'headstart-page-shown-'));
    folder = join(root, 'exported');
    asked = join(root, 'photos', 'discs');
    const headstart = await createHeadstart({
      backend: await openBackend({ prefer: 'libtensorflow' }),
      plugins: [vision()],
    });
    await writeClasses(join(root, 'photos'));
    const out = join(root, 'model');
    await headstart.train({
      target: join(root, 'photos'),
      source: 'small-cnn:28x32x3',
      strategy: 'from-scratch',
      seed: 7,
      epochs: 2,
      out,
    });
    const model = await headstart.load<ImagePrediction>(out);
    await model.export('tfjs', folder);
    [ours] = (await model.predict([join(asked, '3.png')])) as [ImagePrediction];
    model.dispose();
    await headstart.close();
    await writeFile(join(asked, 'notes.txt'), 'no picture');
    browser = await openBrowser();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await rm(root, { recursive: true });
  });

  it('shows the classes of a chosen picture by probability', async () => {
    const shown = await browser.run<Shown>(use('3.png', 'image/png'), { model: folder, asked });
    expect(shown).toMatchObject({ title: 'image-classification', problem: '' });
    expect(shown.prediction).toContain(`${ours.label}${(100 * ours.probability).toFixed(1)} %`);
  }, 60_000);

  it('says what is wrong with a file that is no picture', async () => {
    const shown = await browser.run<Shown>(use('notes.txt', 'text/plain'), { model: folder, asked });
    expect(shown).toMatchObject({ status: 'No prediction.', prediction: '' });
    expect(shown.problem).toContain('"notes.txt" is not a picture that this browser can decode');
  }, 60_000);

  it.each([
    ['model.json', 'model.json is not there: the server answers 404'],
    ['runtime/tensorflow.js', 'The runtime library'],
    ['headstart.json', 'headstart.json is not there'],
  ])(
    'says that %s is missing',
    async (file, message) => {
      const broken = join(root, file.replace(/\W/g, '-'));
      await cp(folder, broken, { recursive: true });
      await rm(join(broken, file));
      const shown = await browser.run<Shown>(use('3.png', 'image/png'), { model: broken, asked });
      expect(shown.status).toBe('The model could not be loaded.');
      expect(shown.problem).toContain(message);
    },
    60_000,
  );

  it('says what to do where it is opened as a file, and axe finds nothing in any theme and window', async () => {
    const pages = await openPageBrowser();
    try {
      const page = await pages.open(join(folder, 'index.html'));
      await expect
        .poll(() => page.evaluate(`document.getElementById('problem').textContent`))
        .toContain('Serve this folder');
      await page.evaluate(`{
        document.getElementById('drop-text').textContent = 'Drop a picture here, or choose one';
        for (const id of ['file-form', 'text-form', 'second-field']) document.getElementById(id).hidden = false;
        document.getElementById('prediction').innerHTML = '<ol class="classes"><li class="given"><span class="label">cup</span><span class="number">90 %</span></li><li><span class="label">dog</span><span class="number">10 %</span></li></ol>';
      }`);
      for (const view of PAGE_VIEWS) {
        await page.look(view);
        expect(await page.violations(), `${view.width} ${view.theme}`).toEqual([]);
      }
      expect(page.requests).toEqual([]);
    } finally {
      await pages.close();
    }
  }, 120_000);

  it('runs on plain JavaScript where that is asked for', async () => {
    const script = `
      import { load } from '/model/predict.js';
      export default async () => {
        const model = await load({ backend: 'cpu' });
        return { backend: model.backend, ...(await model.predict(await (await fetch('/asked/3.png')).blob())) };
      };`;
    const found = await browser.run<ImagePrediction & { backend: string }>(script, { model: folder, asked });
    expect(found).toMatchObject({ backend: 'cpu', label: ours.label });
    expect(Math.abs(found.probability - ours.probability)).toBeLessThan(0.005);
  }, 60_000);
});
