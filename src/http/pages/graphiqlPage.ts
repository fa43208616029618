import type { OpenSnapshot } from '../../answer/reader';
import { Markup, markup } from '../../export/markup';
import { assetUrl } from './assets';
import type { Example } from './examples';
import { pageOf } from './layout';
import type { SentDocument } from './send';

/** The page that asks questions: GraphiQL, opened on the examples. */
export function graphiqlPage(open: OpenSnapshot | null, examples: readonly Example[], assets: ReadonlyMap<string, SentDocument>): string {
  const urls = [...assets].map(([name, asset]) => ({ name, url: assetUrl(name, asset) }));
  return pageOf({
    title: 'Govblog: questions',
    open,
    head: markup`${urls.filter(({ name }) => name.endsWith('.css')).map(({ url }) => markup`<link rel="stylesheet" href="${url}">\n`)}${urls
      .filter(({ name }) => name.endsWith('.js'))
      .map(({ url }) => markup`<script defer src="${url}"></script>\n`)}`,
    body: markup`<div id="graphiql"><p>Loading …</p></div>
<noscript><p class="notice">This page needs JavaScript. <a href="/codebook">The codebook</a> and plain addresses such as
<code>/activity.csv?fields=month,posts&amp;from=2011-01-01&amp;to=2011-12-31</code> do not.</p></noscript>
<script type="application/json" id="examples">${jsonData(examples)}</script>`,
  });
}

/** Data inside a page. A `<` in a string could end the script element or begin a comment, so none is left. */
const jsonData = (value: unknown): Markup => new Markup(JSON.stringify(value).replaceAll('<', '\\u003c'));
