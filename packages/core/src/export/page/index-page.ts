import { html } from '../../pages/html.ts';
import { htmlPage } from '../../pages/html-page.ts';

/** The text of index.html: what it shows before its script runs, its looks, and the script. */
export function indexPage(title: string, script: string): string {
  return htmlPage({
    title,
    lead: html`<span id="about"></span>`,
    body: html`<div class="predict">
<div class="stack">
<form id="file-form" hidden>
<label id="drop" for="file"><span id="drop-text"></span><input id="file" type="file"></label>
</form>
<form id="text-form" hidden>
<label for="text">Text</label>
<textarea id="text" rows="4" placeholder="Type a text here, or drop one" required></textarea>
<div id="second-field" hidden>
<label for="second">Text to compare with</label>
<textarea id="second" rows="4"></textarea>
</div>
<button type="submit">Predict</button>
</form>
<p id="status" role="status"></p>
<p id="problem" role="alert" hidden></p>
<noscript><p>This page needs JavaScript.</p></noscript>
</div>
<section id="result" aria-label="Prediction">
<figure id="preview"></figure>
<div id="prediction" aria-live="polite"></div>
</section>
</div>`,
    style: STYLE,
    script,
    loads: 'own files',
  });
}

const STYLE = `
.predict { display: grid; gap: calc(1.5 * var(--gap)); align-items: start; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)) } .predict > * { min-width: 0 }
#about:empty { display: none } #status { min-height: 1.5em; color: var(--dim); font-size: var(--note) }
#drop { display: grid; gap: .8rem; grid-template-columns: minmax(0, 1fr); align-content: center; justify-items: center; min-height: 14rem; padding: 2.2rem 1rem; border: 2px dashed var(--edge); border-radius: var(--radius); background: var(--card); cursor: pointer; text-align: center; font-weight: 600 }
#drop:hover, .over { border-color: var(--accent) !important } #drop input { max-width: 100%; font: inherit; font-weight: 400; color: var(--dim) }
#text-form { display: grid; gap: .5rem; padding: 1rem; border: 2px solid var(--line); border-radius: var(--radius); background: var(--card) } label { font-weight: 600 }
textarea { width: 100%; padding: .6rem .7rem; border: 1px solid var(--edge); border-radius: var(--radius); background: var(--paper); color: inherit; font: inherit; resize: vertical }
#text-form button { justify-self: start; border-color: var(--accent); background: var(--accent); color: var(--paper); font-weight: 600 }
#problem { padding: .8rem 1rem; border-left: 4px solid var(--bad); border-radius: 4px; background: var(--card); color: var(--bad); overflow-wrap: anywhere }
#result { display: grid; gap: 1rem } #preview { position: relative; width: fit-content } #preview:empty { display: none } #preview img { display: block; max-height: 70vh; border-radius: var(--radius) } #preview svg { position: absolute; inset: 0; width: 100%; height: 100% }
#prediction ol { display: grid; gap: .7rem; padding: 0; max-width: none; list-style: none } #prediction li { display: grid; grid-template-columns: 1fr auto; gap: .15rem .8rem; color: var(--dim) } #prediction .given { color: var(--ink); font-weight: 600 }
.label { overflow-wrap: anywhere } .number { font-variant-numeric: tabular-nums } .bar { grid-column: 1 / -1; height: 8px; border-radius: 4px; background: linear-gradient(var(--accent), var(--accent)) 0 / calc(100% * var(--share)) no-repeat, var(--line) }
.where { grid-column: 1 / -1; font-weight: 400; font-size: var(--note); color: var(--dim) } .swatch { display: inline-block; width: .8em; height: .8em; margin-right: .5em; border-radius: 3px }
`;
