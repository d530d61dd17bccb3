// The script of index.html: asks for what the model takes, and shows what it says.
import type { LoadOptions, PageInput, PageModel } from './contract.ts';
import { PageFailure, reasonOf } from './page-error.ts';
import { showPrediction } from './show-prediction.ts';

/** Beside the page: the exported model's own script, or a server's. */
interface Predictor {
  load(options?: LoadOptions): Promise<PageModel<unknown>>;
}

const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const status = element('status');
const problem = element('problem');
const shown = element('prediction');
const preview = element<HTMLElement>('preview');

function say(text: string): void {
  status.textContent = text;
}

function complain(thrown: unknown): void {
  const { hint = '' } = thrown as { hint?: string };
  problem.hidden = false;
  problem.textContent = [`${reasonOf(thrown)}.`, hint].filter(Boolean).join(' ');
}

async function start(): Promise<void> {
  say('Loading the model …');
  const predictor = await findPredictor();
  const model = await predictor.load({ backend: backendAsked() });
  const { accepts, task, labels } = model.card;
  document.title = task;
  element('title').textContent = task;
  element('about').textContent =
    `${labels.length > 0 ? `${labels.length} labels. ` : ''}` +
    (model.backend === 'server' ? 'Asks the server.' : `Runs here, on ${model.backend}: nothing is sent anywhere.`);
  if (accepts === 'text' || accepts === 'text-pair') takeTexts(model, accepts === 'text-pair');
  else takeFiles(model, accepts === 'picture');
  say('Ready.');
}

async function findPredictor(): Promise<Predictor> {
  if (location.protocol === 'file:') {
    throw new PageFailure({
      code: 'file-missing',
      message: 'Browsers load no models from files that are opened directly',
      hint: 'Serve this folder and open the address that is printed, for instance: npx http-server . (or python3 -m http.server)',
    });
  }
  return (await import(new URL('predict.js', document.baseURI).href)) as Predictor;
}

/** `?backend=cpu` in the page's address: to see a model on another one. */
function backendAsked(): LoadOptions['backend'] {
  return (new URLSearchParams(location.search).get('backend') ?? undefined) as LoadOptions['backend'];
}

/** Of several questions the answer to the last is shown. */
let asked = 0;

async function ask(model: PageModel<unknown>, input: PageInput, picture?: Blob): Promise<void> {
  const question = ++asked;
  problem.hidden = true;
  shown.replaceChildren();
  preview.replaceChildren();
  say('Predicting …');
  const started = performance.now();
  try {
    const prediction = await model.predict(input);
    if (question !== asked) return;
    showPrediction(prediction, { list: shown, preview, picture });
    say(`Done in ${Math.round(performance.now() - started)} ms.`);
  } catch (thrown) {
    if (question !== asked) return;
    complain(thrown);
    say('No prediction.');
  }
}

function takeFiles(model: PageModel<unknown>, pictures: boolean): void {
  const zone = element<HTMLLabelElement>('drop');
  const chooser = element<HTMLInputElement>('file');
  element('file-form').hidden = false;
  element('drop-text').textContent = pictures
    ? 'Drop a picture here, or choose one'
    : 'Drop a file here, or choose one';
  if (pictures) chooser.accept = 'image/*';
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file) void ask(model, file, pictures ? file : undefined);
  };
  chooser.addEventListener('change', () => {
    take(chooser.files);
    chooser.value = '';
  });
  acceptDrops(zone, take);
  addEventListener('paste', (event) => take(event.clipboardData?.files));
}

function takeTexts(model: PageModel<unknown>, pair: boolean): void {
  const form = element<HTMLFormElement>('text-form');
  const first = element<HTMLTextAreaElement>('text');
  const second = element<HTMLTextAreaElement>('second');
  form.hidden = false;
  element('second-field').hidden = !pair;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void ask(model, pair ? [first.value, second.value] : first.value);
  });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  acceptDrops(form, (files, text) => {
    const file = files?.[0];
    void (file ? file.text() : Promise.resolve(text)).then((dropped) => {
      first.value = dropped;
      if (!pair) form.requestSubmit();
    });
  });
}

/** What is dropped anywhere on the page goes to `take`; the zone shows that it would. */
function acceptDrops(zone: HTMLElement, take: (files: FileList | undefined, text: string) => void): void {
  let depth = 0;
  const mark = (change: number) => {
    depth = Math.max(0, depth + change);
    zone.classList.toggle('over', depth > 0);
  };
  addEventListener('dragenter', () => mark(1));
  addEventListener('dragleave', () => mark(-1));
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    mark(-depth);
    take(event.dataTransfer?.files, event.dataTransfer?.getData('text/plain') ?? '');
  });
}

start().catch((thrown: unknown) => {
  complain(thrown);
  say('The model could not be loaded.');
});
