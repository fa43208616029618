import type { SavedQuery } from '../warehouse/savedQueries';
import { Markup, markup, type Part } from './markup';
import { savedPath, savedText, savedTitle, type Distribution } from './savedQuery';

/** What running the question again has shown; a sentence when it could not be run. */
export type Checked = { readonly verified: boolean; readonly resultHash: string } | string;

/** The page that a citation of a saved question leads to, without its frame. `citations` are by the name of their style. */
export function savedPage(
  saved: SavedQuery,
  checked: Checked,
  citations: Readonly<Record<string, string>>,
  forms: readonly Distribution[],
): Markup {
  const { id, snapshot, question, resultHash, savedAt, savedBy } = saved;
  const facts: readonly (readonly [string, Part])[] = [
    ['Question', savedText(saved)],
    [
      'Snapshot',
      markup`${snapshot} (<a href="/snapshots/${snapshot}.zip">all its files</a>, <a href="/datapackage.json?snapshot=${snapshot}">data package</a>)`,
    ],
    ['Saved', `${savedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC${savedBy === null ? '' : `, by ${savedBy}`}`],
    ['Id', id],
    ['sha256 of the rows', resultHash],
    ['Verified', verdict(checked)],
  ];
  return markup`<main class="codebook">
<h1>${savedTitle(saved)}</h1>
<section><h2>What it is</h2>
<dl>${facts.map(([term, text]) => markup`<dt>${term}</dt><dd>${text}</dd>`)}</dl></section>
<section><h2>The rows</h2>
<p>${forms.map(({ extension }, index) => markup`${index > 0 ? ', ' : null}<a href="${savedPath(id, extension)}">${extension.toUpperCase()}</a>`)}.
The same bytes at each of these addresses for as long as the hash agrees. Columns are explained in the <a href="/codebook#${question.cube}">codebook</a>.</p></section>
<section><h2>How to cite</h2>
${Object.entries(citations).map(([style, text]) => markup`<h3>${style}</h3><blockquote style="white-space: pre-wrap">${text}</blockquote>\n`)}</section>
<section><h2>The question for machines</h2>
<p><code>${JSON.stringify(question)}</code></p>
<p>Run again by <code>{ savedQuery(id: "${id}") { snapshot resultHash verified text } }</code>, or <code>govblog saved verify ${id}</code>.</p></section>
</main>`;
}

function verdict(checked: Checked): string {
  if (typeof checked === 'string') return `Not now: ${checked}`;
  return checked.verified
    ? 'Yes: run again for this page, the rows have the hash that they had when they were saved.'
    : `No: run again for this page, the rows have another hash, ${checked.resultHash}.`;
}

/** A document for machines inside a page. A script in a page ends at the first "</", so no "<" stands in it. */
export const jsonLdIn = (document: unknown): Markup =>
  new Markup(`<script type="application/ld+json">${JSON.stringify(document).replaceAll('<', '\\u003c')}</script>\n`);
