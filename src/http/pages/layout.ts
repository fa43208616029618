import { readFileSync } from 'node:fs';
import type { OpenSnapshot } from '../../answer/reader';
import { Markup, markup, prose } from '../../export/markup';
import { projectPath } from '../../paths';
import { noticeOf } from './state';

export interface Page {
  readonly title: string;
  /** The data it speaks of, null before any are published: their period and their notice stand at its top. */
  readonly open?: OpenSnapshot | null;
  readonly head?: Markup;
  readonly body: Markup;
}

// The style is part of the page, so that a saved page looks as it did.
const STYLE = new Markup(readFileSync(projectPath('src', 'http', 'pages', 'pages.css'), 'utf8'));

/** Four bars; without an icon of its own a browser would ask for /favicon.ico. */
const ICON =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><path fill='%231f6f8b' d='M1 10h3v5H1zm4-3h3v8H5zm4-3h3v11H9zm4-3h3v14h-3z'/></svg>";

/** A whole page: the header that every page has, the notice about its data, and the body. */
export const pageOf = ({ title, open, head, body }: Page): string => {
  const notice = open === undefined ? null : noticeOf(open);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="${ICON}">
${head ?? null}<style>
${STYLE}</style>
</head>
<body>
<header class="bar">
<a class="brand" href="/">Govblog</a>
<nav aria-label="Pages"><a href="/">Questions</a> <a href="/codebook">Codebook</a> <a href="/schema.graphql">Schema</a> <a href="/operations">Operations</a></nav>
${open ? markup`<p class="period">${open.snapshot.from} to ${open.snapshot.watermark}, snapshot ${open.snapshot.id}</p>` : null}
</header>
${notice === null ? null : markup`<p class="notice" role="note">${prose(notice)}</p>`}
${body}
</body>
</html>
`.text;
};
