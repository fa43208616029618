import { crawlerFiles, type CrawlerOptions } from '../../../src/ingest/formats/crawlers';
import { SHAPES } from '../../../src/ingest/formats/recognise';
import { fits, type RowContext } from '../../../src/ingest/formats/shape';
import type { Reject } from '../../../src/ingest/outcome';
import type { Reading } from '../../../src/ingest/reading';
import type { IngestRecord, PostRecord } from '../../../src/ingest/records';
import { ValueError } from '../../../src/ingest/values';
import { CLOCK, folderOf } from '../loading';

/** When the crawls of the tests were, where a test gives it. */
export const AT = Date.parse('2024-12-01T00:00:00Z');
export const beijing = (text: string): number => Date.parse(`${text.replace(' ', 'T')}+08:00`);
export const BOM = '\uFEFF';

interface Contents {
  /** The records of each row that was understood. */
  readonly rows: readonly (readonly IngestRecord[])[];
  readonly posts: readonly PostRecord[];
  readonly rejects: readonly Reject[];
  /** Reasons by the name of the file. */
  readonly skipped: Readonly<Record<string, string>>;
  readonly reading: Reading;
}

/** Reads a folder with these files, collected at `AT` unless the test says otherwise. */
export const read = async (files: Readonly<Record<string, string | Buffer>>, options: Partial<CrawlerOptions> = {}): Promise<Contents> =>
  contents(folderOf(files), options);

export async function contents(source: string, options: Partial<CrawlerOptions> = {}): Promise<Contents> {
  const reading = await crawlerFiles(source, { observedAt: AT, encoding: null, ...options }, CLOCK);
  const rows: IngestRecord[][] = [];
  const rejects: Reject[] = [];
  for await (const row of reading.rows())
    if ('record' in row) rows.push([row.record, ...(row.also ?? [])]);
    else rejects.push(row.reject);
  const posts = rows.flatMap(([first]) => (first?.kind === 'post' ? [first] : []));
  const skipped = Object.fromEntries(reading.skipped.map(({ file, reason }) => [file.split('/').at(-1)!, reason]));
  return { rows, posts, rejects, skipped, reading };
}

/** The records of one row of a table, given by its columns, as a database would have it; a text is what is wrong with it. */
export function tableRow(
  columns: Readonly<Record<string, string | null>>,
  context: Partial<RowContext> = {},
): readonly IngestRecord[] | string {
  const shape = SHAPES.find((one) => fits(one, new Set(Object.keys(columns))));
  if (!shape) return 'no shape';
  try {
    return shape.read((name) => columns[name] ?? undefined, { file: 'db#table', observedAt: AT, owner: null, undated: true, ...context });
  } catch (error) {
    if (error instanceof ValueError) return `${error.field}: ${error.reason}`;
    throw error;
  }
}
