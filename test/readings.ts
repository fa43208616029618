import type { ParsedRow } from '../src/ingest/outcome';
import type { Reading } from '../src/ingest/reading';
import type { IngestRecord } from '../src/ingest/records';

/** Records as a reading, each a row of its own: for what no file format is needed for. */
export const readingOf = (records: Iterable<IngestRecord>): Reading => ({
  format: 'records',
  source: 'records of a test',
  files: [],
  skipped: [],
  meter: { total: 0, done: 0 },
  async *rows(): AsyncGenerator<ParsedRow> {
    let line = 0;
    for (const record of records) yield { origin: { file: 'test', line: (line += 1) }, raw: JSON.stringify(record), record };
  },
});
