import { ingest, type IngestSummary } from '../../src/ingest/ingest';
import type { IngestRecord } from '../../src/ingest/records';
import type { TestApp } from '../app';
import { readingOf } from '../readings';

/** Loads records as an exhaustive crawl: what they lack between the first and the last post of each account is gone. */
export const loadExhaustive = ({ app }: TestApp, records: Iterable<IngestRecord>): Promise<IngestSummary> =>
  ingest(readingOf(records), { ...app, dataDir: app.config.dataDir, exhaustive: true });
