/** The text of index.html: what it shows before its script runs, its looks, and the script. */
export function indexPage(title: string, script: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1 id="title">${escape(title)}</h1>
<p id="about"></p>
</header>
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
<section id="result" aria-label="Prediction">
<figure id="preview"></figure>
<div id="prediction" aria-live="polite"></div>
</section>
</main>
<noscript><p>This page needs JavaScript.</p></noscript>
<script>
if (location.protocol === 'file:') {
  var problem = document.getElementById('problem');
  problem.hidden = false;
  problem.textContent = 'Browsers load no models from files that are opened directly. Serve this folder and open the address that is printed, for instance: npx http-server . (or python3 -m http.server)';
}
</script>
<script type="module">
${script.replaceAll('</script', '<\\/script')}
</script>
</body>
</html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2330; --dim: #5c6474; --paper: #f6f7f9; --card: #fff; --line: #cfd5df; --accent: #2457d6; --bad: #a3201d; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf2; --dim: #a2abbd; --paper: #14171e; --card: #1d212b; --line: #394152; --accent: #8fb0ff; --bad: #ff9d98; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.2; }
#about, #status { margin: .4rem 0 1.2rem; color: var(--dim); font-size: .9rem; }
#status { min-height: 1.5em; margin-top: .8rem; }
#drop { display: grid; gap: .8rem; place-items: center; padding: 2.2rem 1rem; border: 2px dashed var(--line); border-radius: 12px; background: var(--card); cursor: pointer; text-align: center; }
#drop:hover, .over { border-color: var(--accent) !important; }
#drop input { max-width: 100%; font: inherit; color: var(--dim); }
#text-form { display: grid; gap: .5rem; padding: 1rem; border: 2px solid var(--line); border-radius: 12px; background: var(--card); }
[hidden] { display: none !important; }
label { font-weight: 600; }
textarea { width: 100%; padding: .6rem .7rem; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); color: inherit; font: inherit; resize: vertical; }
button { justify-self: start; padding: .5rem 1.2rem; border: 0; border-radius: 8px; background: var(--accent); color: var(--paper); font: inherit; font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
#problem { padding: .8rem 1rem; border-left: 4px solid var(--bad); border-radius: 4px; background: var(--card); color: var(--bad); overflow-wrap: anywhere; }
#preview { position: relative; width: fit-content; max-width: 100%; margin: 0 auto 1rem; }
#preview img { display: block; max-width: 100%; max-height: 60vh; border-radius: 8px; }
#preview svg { position: absolute; inset: 0; width: 100%; height: 100%; }
.classes { margin: 0; padding: 0; list-style: none; display: grid; gap: .7rem; }
.classes li { display: grid; grid-template-columns: 1fr auto; gap: .15rem .8rem; color: var(--dim); }
.classes .given { color: var(--ink); font-weight: 600; }
.label { overflow-wrap: anywhere; }
.number { font-variant-numeric: tabular-nums; }
.bar { grid-column: 1 / -1; height: 8px; border-radius: 4px; background: linear-gradient(var(--accent), var(--accent)) 0 / calc(100% * var(--share)) no-repeat, var(--line); }
.where { grid-column: 1 / -1; font-weight: 400; font-size: .85rem; color: var(--dim); }
.swatch { display: inline-block; width: .8em; height: .8em; margin-right: .5em; border-radius: 3px; }
pre { overflow: auto; padding: 1rem; border-radius: 8px; background: var(--card); }
`;
