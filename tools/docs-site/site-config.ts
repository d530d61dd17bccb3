import type { DefaultTheme, UserConfig } from 'vitepress';
import type { SiteSection } from './pages.ts';

/** VitePress's configuration, plain JSON. @param outDir where the site is written */
export function siteConfig(sections: readonly SiteSection[], outDir: string): UserConfig<DefaultTheme.Config> {
  return {
    title: 'Headstart',
    description: 'Transfer learning for TypeScript',
    lang: 'en',
    outDir,
    // Pages without scripts of their own, which a browser opens from disk too.
    mpa: true,
    appearance: false,
    // Links are checked in the HTML, anchors and pictures too.
    ignoreDeadLinks: true,
    themeConfig: {
      outline: [2, 3],
      sidebar: sections.map(({ title, pages }) => ({
        text: title,
        items: pages.map((page) => ({ text: page.title, link: `/${page.path === 'index' ? '' : page.path}` })),
      })),
    },
  };
}
