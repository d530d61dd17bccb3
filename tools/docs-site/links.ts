import { existsSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { workspaceRoot } from '../workspace/root.mjs';
import type { SitePage } from './pages.ts';

/** Where a page's links lead on the site. */
export interface LinkPlan {
  readonly pages: readonly SitePage[];
  /** Where the repository's files are shown, such as a code forge's; without it, the checkout beside the site. */
  readonly sourceUrl?: string;
}

/** A picture that a page shows, to be copied: from the repository, to the site's folder. */
export interface Asset {
  readonly from: string;
  readonly to: string;
}

const LINK = /(\]\()([^()\s]+)((?:\s+"[^"]*")?\))|(\b(?:src|href)=")([^"]+)(")/g;
const FENCE = /^(```|~~~)[\s\S]*?^\1[^\n]*$/gm;

/**
 * A page's Markdown with its relative links turned to where they lead on the site: a page of it, a picture copied into
 * it, or else the repository's file.
 */
export function siteLinks(markdown: string, page: SitePage, plan: LinkPlan): { markdown: string; assets: Asset[] } {
  const assets: Asset[] = [];
  const turned = outsideCode(markdown, (text) =>
    text.replace(LINK, (whole, open1, target1, close1, open2, target2, close2) => {
      const [open, target, close] = [open1 ?? open2, target1 ?? target2, close1 ?? close2] as [string, string, string];
      if (target.startsWith('#') || /^[a-z][a-z0-9+.-]*:/i.test(target)) return whole;
      return `${open}${siteTarget(target, page, plan, assets)}${close}`;
    }),
  );
  return { markdown: turned, assets };
}

function siteTarget(target: string, page: SitePage, { pages, sourceUrl }: LinkPlan, assets: Asset[]): string {
  const [file = '', anchor] = target.split('#');
  const repositoryPath = posix.join(posix.dirname(page.source), decodeURIComponent(file));
  const here = posix.dirname(page.path);
  const to = (path: string) => {
    const found = posix.relative(here, path);
    return found.startsWith('.') ? found : `./${found}`;
  };
  const other = pages.find(({ source }) => source === repositoryPath);
  if (other) return `${to(other.path)}.md${anchor === undefined ? '' : `#${anchor}`}`;
  if (/\.(svg|png|jpe?g|gif|webp)$/i.test(repositoryPath) && existsSync(join(workspaceRoot, repositoryPath))) {
    const asset = `images/${repositoryPath.replaceAll('/', '-')}`;
    assets.push({ from: repositoryPath, to: asset });
    return `/${asset}`;
  }
  return `${sourceUrl ?? CHECKOUT}/${repositoryPath}${anchor === undefined ? '' : `#${anchor}`}`;
}

/** Stands for the checkout in the built pages until their depth is known. */
export const CHECKOUT = 'https://checkout.invalid';

function outsideCode(markdown: string, change: (text: string) => string): string {
  let [result, end] = ['', 0];
  for (const match of markdown.matchAll(FENCE)) {
    result += change(markdown.slice(end, match.index)) + match[0];
    end = match.index + match[0].length;
  }
  return result + change(markdown.slice(end));
}

/**
 * HTML of a page so that it works opened from disk: addresses from the site's root are written relative to the page,
 * folders get their index page, and files of the repository lead to the checkout.
 * @param file path of the page below `site`
 */
export function relativeAddresses(html: string, file: string, site: string): string {
  const up = posix.relative(posix.dirname(file), '.') || '.';
  const checkout = relative(join(site, dirname(file)), workspaceRoot)
    .split(sep)
    .join('/');
  return html
    .replaceAll(`"${CHECKOUT}`, `"${checkout}`)
    .replace(/\b(src|href)="\/(?!\/)([^"]*)"/g, (_whole, name: string, address: string) => {
      const [path = '', anchor] = address.split('#');
      const named = path === '' || path.endsWith('/') ? `${path}index.html` : path;
      return `${name}="${up}/${named}${anchor === undefined ? '' : `#${anchor}`}"`;
    });
}

/** Addresses in a page's HTML that lead nowhere, seen from disk. @param file path of the page below `site` */
export function brokenAddresses(html: string, file: string, site: string, htmlOf: (path: string) => string): string[] {
  const found = [...html.matchAll(/\b(?:src|href)="([^"]*)"/g)].map(([, address]) => address!);
  return [...new Set(found)].filter((address) => {
    if (address === '' || /^[a-z][a-z0-9+.-]*:/i.test(address)) return false;
    const [path = '', anchor] = address.split('#');
    const target = path === '' ? join(site, file) : join(site, dirname(file), decodeURIComponent(path));
    if (!existsSync(target)) return true;
    if (anchor === undefined || anchor === '') return false;
    return !htmlOf(target).includes(`id="${decodeURIComponent(anchor)}"`);
  });
}
