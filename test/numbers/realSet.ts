import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { groupBy } from '../../src/collections';
import { readProfileText } from '../../src/ingest/formats/profile';
import { ingest } from '../../src/ingest/ingest';
import { openSource, type SourceOptions } from '../../src/ingest/open';
import { readReferenceFile, writeReference } from '../../src/ingest/referenceFile';
import type { ReferenceKind } from '../../src/ingest/referenceKinds';
import { projectPath } from '../../src/paths';
import { openTestApp, type TestApp } from '../app';
import type { Dialect } from '../stores';

// Real crawls and registries, which are not part of the project: without them the tests that need them are skipped.
const DATA = projectPath('..', 'shared', 'data');

/** `test`, or `test.skip` where a folder of real data is absent. */
export const withData = (folder: string): jest.It => (existsSync(join(DATA, folder)) ? test : test.skip);

export const textOf = (path: string): string => readFileSync(join(DATA, path), 'utf8');
/** Figures that were published, or counted from the raw files by other means. */
export const truthOf = <T>(folder: string): T => JSON.parse(textOf(`${folder}/truth.json`)) as T;
/** The rows of a raw table, by the names of its header, as a plain CSV reader has them. */
export const tableOf = (path: string): Record<string, string>[] =>
  parse(readFileSync(join(DATA, path)), { bom: true, columns: true, relax_column_count: true });

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
/** How often each value occurs. */
export const count = (values: Iterable<unknown>): Record<string, number> =>
  Object.fromEntries([...groupBy(values, String)].map(([value, all]) => [value, all.length]));

type Rows = readonly Record<string, never>[];

/** A fresh store for one real set: loads whose rows are all accounted for, one night, and questions over HTTP. */
export interface RealSet {
  readonly test_: TestApp;
  /** Rows read, accepted, updated, unchanged, rejected. */
  load(kind: SourceOptions['kind'], path: string, options?: { profile?: string; observedOn?: string }): Promise<readonly number[]>;
  /** Rows of one's own for reference tables, from the examples: `us-regions`, `us-sectors`. */
  reference(...names: readonly string[]): Promise<void>;
  night(): Promise<void>;
  ask<T>(query: string): Promise<T>;
  /** Rows of a cube, each as the values of the fields; of an object its code. */
  rows(cube: 'posts' | 'activity', period: readonly [string, string], fields: string, more?: string): Promise<unknown[][]>;
}

/** Opens a fresh store for `work`, and removes it afterwards. */
export async function withRealSet(dialect: Dialect, work: (set: RealSet) => Promise<void>): Promise<void> {
  const test_ = await openTestApp(dialect);
  const { app } = test_;
  const ask = async <T>(query: string): Promise<T> => {
    const { data, errors } = await test_.graphql<T>(query);
    expect(errors).toBeUndefined();
    return data;
  };
  try {
    await work({
      test_,
      ask,
      load: async (kind, path, { profile, observedOn } = {}) => {
        const options: SourceOptions = {
          kind,
          observedAt: observedOn === undefined ? null : Date.parse(`${observedOn}T00:00:00Z`),
          encoding: null,
          profile: profile === undefined ? null : readProfileText(projectPath('seeds', 'examples', profile)),
          full: false,
        };
        const reading = await openSource(join(DATA, path), options, app);
        const { rowsRead, accepted, updated, unchanged, rejected } = await ingest(reading, { ...app, dataDir: app.config.dataDir });
        expect(accepted + updated + unchanged + rejected).toBe(rowsRead);
        return [rowsRead, accepted, updated, unchanged, rejected];
      },
      reference: async (...names) => {
        for (const name of names) {
          const kind = name.split('-')[1] as ReferenceKind;
          const { rows } = readReferenceFile(kind, projectPath('seeds', 'examples', 'reference', `${name}.csv`));
          await writeReference(app.store, kind, rows, app.clock.now());
        }
      },
      night: async () => {
        const { jobs } = await app.night();
        expect(jobs.filter(({ failed, elsewhere }) => failed + elsewhere > 0)).toEqual([]);
      },
      rows: async (cube, [from, to], fields, more = '') => {
        const names = fields.split(' ');
        const selection = names.map((name) => (OBJECTS.includes(name) ? `${name} { code }` : name === 'account' ? 'account { id }' : name));
        const answer = await ask<Record<string, { rows: Rows }>>(
          `{ ${cube}(period: { from: "${from}", to: "${to}" }, limit: 50000${more}) { rows { ${selection.join(' ')} } } }`,
        );
        return answer[cube]!.rows.map((row) => names.map((name) => codeOf(row[name])));
      },
    });
  } finally {
    await test_.close();
  }
}

const OBJECTS: readonly string[] = ['region', 'sector', 'sectorGroup'];
const codeOf = (value: unknown): unknown => (typeof value === 'object' && value !== null ? Object.values(value)[0] : value);
