import { commandLine } from '../../src/access/access';
import type { Log } from '../../src/log';
import { openTestApp } from '../app';
import { SMALL } from '../hardship/records';
import { DIALECTS } from '../stores';

describe.each(DIALECTS)('how long the audit log is kept, on %s', (dialect) => {
  test.each([
    ['for ever unless told otherwise', '0', ['young', 'old', 'ancient'], []],
    ['for as many days as are set, when the night collects', '30', ['young'], [{ entries: 2 }]],
  ])('%s', async (_, days, left, logged) => {
    let now = new Date('2026-01-15T04:00:00Z');
    const pruned: unknown[] = [];
    const log: Log = (event, facts) => void (event === 'audit.pruned' && pruned.push(facts));
    const test_ = await openTestApp(dialect, { log, clock: { now: () => now }, settings: { GOVBLOG_KEEP_AUDIT_DAYS: days } });
    const { audit } = test_.app.access;
    for (const [subject, at] of [
      ['ancient', '2024-01-15'],
      ['old', '2025-12-16'],
      ['young', '2025-12-17'],
    ] as const) {
      // prettier-ignore
      now = new Date(`${at}T03:59:59.999Z`);
      await audit.change(commandLine(), 'admin', { action: 'test', subject }, () => Promise.resolve());
    }
    now = new Date('2026-01-15T04:00:00Z');
    await test_.load(SMALL);
    await test_.app.night();
    expect((await audit.list(10)).map(({ subject }) => subject)).toEqual(left);
    expect(pruned).toEqual(logged);
    await test_.close();
  });
});
