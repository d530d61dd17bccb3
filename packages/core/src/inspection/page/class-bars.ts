import { escapeXml } from '../../pages/escape-xml.ts';
import { SPLITS } from '../count-splits.ts';
import type { Inspection } from '../inspection.ts';
import { count } from './page-parts.ts';

/** Classes that are drawn; of more, the table in the command's JSON has all. */
const MOST_CLASSES = 200;

/** A bar for each class: its samples, or its objects, split by split. */
export function classBars({ labels, objects }: Pick<Inspection, 'labels' | 'objects'>): string {
  if (labels.length === 0) return '';
  const total = (counts: (typeof labels)[number]) => SPLITS.reduce((sum, split) => sum + counts[split], 0);
  const longest = Math.max(1, ...labels.map(total));
  const rows = labels.slice(0, MOST_CLASSES).map((counts) => {
    const parts = SPLITS.map((split) => {
      const share = (100 * counts[split]) / longest;
      return counts[split] === 0
        ? ''
        : `<i class="${split}" style="flex: 0 0 max(2px, ${share.toFixed(2)}%)" title="${split}: ${count(counts[split])}"></i>`;
    });
    const numbers = SPLITS.map((split) => `<td class="number">${count(counts[split])}</td>`).join('');
    return `<tr><th>${escapeXml(counts.name)}</th>${numbers}<td class="bar"><div>${parts.join('')}</div></td></tr>`;
  });
  const heads = SPLITS.map((split) => `<th class="number"><i class="${split} key"></i> ${split}</th>`).join('');
  const more = labels.length - rows.length;
  return `<h2>Classes <small>${count(labels.length)}${objects ? ', counted in boxes' : ''}</small></h2>
<table class="classes"><thead><tr><th></th>${heads}<td></td></tr></thead><tbody>${rows.join('\n')}</tbody></table>${more > 0 ? `<p>… and ${count(more)} more classes.</p>` : ''}`;
}
