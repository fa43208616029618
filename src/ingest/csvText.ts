/** What ends a row and what stands between cells. A bare CR ends a row only where there is no LF: elsewhere it stands inside a text. */
export interface Layout {
  readonly lineEnd: '\n' | '\r';
  readonly delimiter: string;
}

/** The rows of a text, and where the first one begins that is not whole: its quote is still open. */
export interface CsvRows {
  readonly rows: string[][];
  readonly end: number;
}

/**
 * Divides a text into rows and cells as csv-parse does with `relax_quotes` and `relax_column_count`, in a third of its time: it looks
 * for signs in texts, where csv-parse looks at every byte. A cell that begins with a quote ends at the next one that is not doubled; where
 * something else than a delimiter or the end of the row follows that, the quotes are characters. Rows may be of any length; an
 * empty line is a row of one empty cell.
 *
 * @param text begins with a row, and ends with the end of a line, or of the file.
 */
export function csvRows(text: string, { lineEnd, delimiter }: Layout): CsvRows {
  const rows: string[][] = [];
  let quote = -1;
  for (let at = 0; at < text.length;) {
    if (quote < at) quote = indexOr(text, '"', at, Infinity);
    const end = indexOr(text, lineEnd, at, text.length);
    if (quote > end) {
      rows.push(text.slice(at, endOfCell(text, at, end, lineEnd)).split(delimiter));
      at = end + 1;
      continue;
    }
    const cells: string[] = [];
    const next = takeRow(text, at, cells, lineEnd, delimiter);
    if (next < 0) return { rows, end: at };
    rows.push(cells);
    at = next;
  }
  return { rows, end: text.length };
}

/** Takes the cells of the row with quotes that begins at `at`, and returns where the next one begins; -1: a quote is still open. */
function takeRow(text: string, at: number, cells: string[], lineEnd: string, delimiter: string): number {
  let end = -1;
  let gap = -1;
  for (;;) {
    let quoted = '';
    let from = at;
    if (text[at] === '"') {
      const closing = closingQuote(text, at);
      if (closing < 0) return -1;
      quoted = text.slice(at + 1, closing).replaceAll('""', '"');
      from = closing + 1;
      const behind = text[from];
      // That a NUL ends a quote too is csv-parse's way.
      if (behind !== undefined && behind !== delimiter && behind !== '\0' && !isLineEnd(text, from, lineEnd)) {
        quoted = `"${quoted}`;
        from = closing;
      }
    }
    if (end < from) end = indexOr(text, lineEnd, from, text.length);
    if (gap < from) gap = indexOr(text, delimiter, from, Infinity);
    if (gap > end) {
      cells.push(quoted + text.slice(from, endOfCell(text, from, end, lineEnd)));
      return end + 1;
    }
    cells.push(quoted + text.slice(from, gap));
    at = gap + 1;
  }
}

/** The quote that ends the cell which one at `at` begins: the first that is not doubled; -1: there is none. */
function closingQuote(text: string, at: number): number {
  for (let from = at + 1; ;) {
    const quote = text.indexOf('"', from);
    if (quote < 0 || text[quote + 1] !== '"') return quote;
    from = quote + 2;
  }
}

const isLineEnd = (text: string, at: number, lineEnd: string): boolean =>
  text[at] === lineEnd || (lineEnd === '\n' && text[at] === '\r' && text[at + 1] === '\n');

/** Where the last cell of a row ends: before the CR of its CRLF. */
const endOfCell = (text: string, start: number, end: number, lineEnd: string): number =>
  lineEnd === '\n' && end < text.length && end > start && text[end - 1] === '\r' ? end - 1 : end;

function indexOr(text: string, sign: string, from: number, otherwise: number): number {
  const at = text.indexOf(sign, from);
  return at < 0 ? otherwise : at;
}
