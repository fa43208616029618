import type { Readable } from 'node:stream';
import { csvRows, type Layout } from './csvText';

/** Characters of a row, and bytes of a line: what is longer comes of a quote that was never closed, or is no text. */
const LONGEST = 1 << 27;

/** Some rows in their order; the last ones may come with what broke the text behind them. */
export interface CsvBlock {
  readonly rows: string[][];
  readonly broken?: Error;
}

/**
 * The rows of a CSV file, as many at once as a piece of it holds. Where it breaks, all rows before come first.
 *
 * @param pieces bytes of UTF-8, of which broken ones become U+FFFD, or texts; a byte order mark is left out.
 */
export async function* csvBlocks(pieces: Readable, layout: Layout): AsyncGenerator<CsvBlock, void> {
  const open: string[] = [];
  let length = 0;
  let wanted = 0;
  let isFirst = true;
  let broken: Error | undefined;
  try {
    for await (const lines of wholeLines(pieces, layout.lineEnd)) {
      const text = isFirst && lines.startsWith('\uFEFF') ? lines.slice(1) : lines;
      isFirst = false;
      open.push(text);
      length += text.length;
      if (length < wanted) continue;
      const { rows, end } = take(open, layout);
      yield { rows };
      length -= end;
      // A row that is not whole is looked at again when there is twice as much of it.
      wanted = 2 * length;
      if (length > LONGEST) throw new Error(`Quote Not Closed: a row is longer than ${LONGEST} characters.`);
    }
  } catch (error) {
    broken = error as Error;
  }
  const { rows } = take(open, layout);
  if (open.length > 0) broken ??= new Error('Quote Not Closed: a cell of this row begins with a quote that never ends.');
  yield broken === undefined ? { rows } : { rows, broken };
}

/** The rows that are whole; of the texts the rest remains. */
function take(open: string[], layout: Layout): { rows: string[][]; end: number } {
  const text = open.join('');
  const { rows, end } = csvRows(text, layout);
  open.length = 0;
  if (end < text.length) open.push(text.slice(end));
  return { rows, end };
}

/** Texts that end where a line does, but for the last one: what stands before a break is a last one too. */
async function* wholeLines(pieces: Readable, lineEnd: string): AsyncGenerator<string> {
  let open: (string | Buffer)[] = [];
  let length = 0;
  let failure: { readonly error: unknown } | null = null;
  try {
    for await (const item of pieces) {
      const piece = item as string | Buffer;
      const cut = piece.lastIndexOf(lineEnd) + 1;
      if (cut === 0) {
        open.push(piece);
        length += piece.length;
        if (length > LONGEST) throw new Error(`A line is longer than ${LONGEST} characters.`);
        continue;
      }
      yield joined([...open, piece.slice(0, cut)]);
      open = [piece.slice(cut)];
      length = piece.length - cut;
    }
  } catch (error) {
    failure = { error };
  }
  const rest = joined(open);
  if (rest !== '') yield rest;
  if (failure) throw failure.error;
}

const joined = (pieces: readonly (string | Buffer)[]): string =>
  typeof pieces[0] === 'string' ? pieces.join('') : Buffer.concat(pieces as readonly Buffer[]).toString();
