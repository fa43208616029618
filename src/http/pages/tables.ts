import { markup, type Markup, type Part } from '../../export/markup';

/** Rows under their heads; on a narrow screen each cell carries its own. */
export function table(head: readonly string[], rows: readonly (readonly Part[])[]): Markup {
  if (rows.length === 0) return markup`<p>None.</p>`;
  return markup`<table><thead><tr>${head.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => markup`<tr>${cells.map((cell, index) => markup`<td data-label="${head[index]!}">${cell}</td>`)}</tr>\n`)}</tbody></table>`;
}
