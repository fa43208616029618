import type { Audit, Bench } from '../src/runner/job';
import { SAMPLE_ROWS } from '../src/warehouse/auditLog';
import { CHUNK_ROWS } from '../src/warehouse/duckdb';
import { sampleOf } from './audits';

/** Where the codes of a fact column are explained, and the code that means that nothing is known. */
const REFERENCES = {
  region: { table: 'region', unknown: 'UNKNOWN' },
  prefecture: { table: 'region', unknown: 'UNKNOWN' },
  sector: { table: 'sector', unknown: 'UNKNOWN' },
  account_type: { table: 'account_type', unknown: 'UNKNOWN' },
  verified_type: { table: 'verified_type', unknown: 'UNKNOWN' },
  level: { table: 'admin_level', unknown: 'LX' },
  platform: { table: 'platform', unknown: null },
  content_category: { table: 'content_category', unknown: null },
} as const;
type Column = keyof typeof REFERENCES;

/** Codes by the column they may stand in, and account keys, as the store has them, read once a run: rows of both are added and never removed. */
const staged = new WeakMap<Bench, Promise<void>>();
function stageKnown(bench: Bench): Promise<void> {
  let known = staged.get(bench);
  if (!known) staged.set(bench, (known = stage(bench)));
  return known;
}

async function stage({ store, workshop }: Bench): Promise<void> {
  const codes = Object.entries(REFERENCES).flatMap(([column, { table, unknown }]) => [
    `SELECT '${column}' AS kind, code FROM ${table}`,
    ...(unknown === null ? [] : [`SELECT '${column}', '${unknown}'`]),
  ]);
  await workshop.stage('known_code', { kind: 'text', code: 'text' }, store.stream(codes.join(' UNION '), [], CHUNK_ROWS));
  await workshop.stage('known_account', { account_key: 'count' }, store.stream('SELECT account_key FROM account', [], CHUNK_ROWS));
}

/**
 * Every code of the file is in its reference table, or says that nothing is known; every account is in the store. A code that
 * nobody can look up would be a group without a name in every answer.
 */
export const codesKnown = (...columns: readonly Column[]): Audit => ({
  name: 'codes known',
  check: async (bench, _partition, file) => {
    await stageKnown(bench);
    // The file is read once: what is compared is one row for each account and its codes.
    const sample = await sampleOf(
      bench,
      `with met as materialized (
         select ${columns.map((column) => `${column}::varchar as ${column}`).join(', ')}, account_key, count(*) as rows from ${file} group by all
       ), codes as (
         select of, code, sum(rows)::bigint as rows from (unpivot met on ${columns.join(', ')} into name of value code) group by of, code
       )
       select of, code, rows from codes anti join known_code k on k.kind = codes.of and k.code = codes.code
       union all
       select 'account_key', account_key::varchar, sum(rows)::bigint from met
         where not exists (select 1 from known_account k where k.account_key = met.account_key) group by all
       order by all`,
    );
    if (sample.length === 0) return null;
    const named = sample.slice(0, 3).map(({ of, code, rows }) => `${of} "${code}" (${rows} rows)`);
    return {
      message: `unknown ${named.join(', ')}${sample.length > 3 ? ` and ${sample.length === SAMPLE_ROWS ? 'more' : sample.length - 3} more` : ''}`,
      sample,
    };
  },
});
