import { accountDay } from '../../jobs/accountDay';
import { runDue } from '../../src/runner/runDue';
import type { Param, Store } from '../../src/store/store';
import { openTestApp } from '../app';
import { DIALECTS } from '../stores';

/** A store that remembers what it was asked about posts. */
function recording(store: Store): { readonly store: Store; readonly asked: [string, readonly Param[]][] } {
  const asked: [string, readonly Param[]][] = [];
  const remember = (sql: string, params: readonly Param[] = []): void => {
    if (/\bFROM post\b/.test(sql)) asked.push([sql, params]);
  };
  return {
    asked,
    store: {
      ...store,
      query: (sql, params) => {
        remember(sql, params);
        return store.query(sql, params);
      },
      stream: (sql, params, rows) => {
        remember(sql, params);
        return store.stream(sql, params, rows);
      },
    },
  };
}

test.each(DIALECTS)('account-days and their audits look up no post, on %s: what they add up stands in an index', async (dialect) => {
  const { app, close } = await openTestApp(dialect, { prepared: 'late waits' });
  const { store, asked } = recording(app.store);
  const tools = { ...app, store, buildMemoryMb: 256, tempDir: app.config.dataDir };
  expect(await runDue(accountDay, tools)).toMatchObject({ failed: 0 });

  const plans = [];
  for (const [sql, params] of new Map(asked)) {
    const plan = await app.store.query(`${dialect === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN'} ${sql}`, params);
    plans.push(plan.map((step) => JSON.stringify(step)).filter((step) => step.includes('ix_post') || step.includes('"table":"post"')));
  }
  // The days staged, the posts before them, the audit of counters and that of account-days.
  expect(plans).toHaveLength(4);
  for (const plan of plans) {
    expect(plan).not.toEqual([]);
    for (const step of plan)
      expect(step).toMatch(dialect === 'sqlite' ? /COVERING INDEX ix_post_counts/ : /"key":"ix_post_counts".*Using index/);
  }
  await close();
});
