import type { ModelCard } from './schemas.ts';

/** A page that asks the model: a text box or a file, and what the server says of it. */
export function page({ task, modality, labels }: ModelCard): string {
  const field =
    modality === 'text' ? '<textarea id="input" rows="6" cols="60"></textarea>' : '<input id="input" type="file">';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escapeHtml(task)}</title>
<h1>${escapeHtml(task)}</h1>
<p>${escapeHtml(labels.slice(0, 20).join(', '))}${labels.length > 20 ? ', …' : ''}</p>
<p>${field} <button id="ask">Predict</button></p>
<pre id="answer"></pre>
<script type="module">
const input = document.getElementById('input');
document.getElementById('ask').onclick = async () => {
  const body = input.files ? input.files[0] : input.value;
  const type = input.files ? 'application/octet-stream' : 'text/plain';
  const response = await fetch('predict', { method: 'POST', headers: { 'content-type': type }, body });
  document.getElementById('answer').textContent = JSON.stringify(await response.json(), null, 2);
};
</script>
</html>
`;
}

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
