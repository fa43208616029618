import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { projectPath } from '../../src/paths';
import { toSqlInstant } from '../../src/model/time';
import { OWNER } from '../../src/owner';
import { lastNights } from '../../src/runner/nights';
import { systemClock } from '../../src/clock';
import { openTestApp, type TestApp } from '../app';

const DAY_MS = 86_400_000;

let test_: TestApp;
beforeAll(async () => {
  test_ = await openTestApp('sqlite', { clock: systemClock, prepared: 'traps' });
});
afterAll(() => test_.close());

test('a server that starts after three nights off runs each of them when it is told to, and only then what is left', async () => {
  const { app, place } = test_;
  const hour = new Date().getUTCHours();
  // The last planned night ended four days ago; those of the three days since, at the hour that is over by now, were missed.
  const planned = (daysAgo: number): number => Math.floor(Date.now() / DAY_MS - daysAgo) * DAY_MS + (hour - 1) * 3_600_000;
  await app.store.write(async (tx) => {
    const at = toSqlInstant(planned(3));
    await tx.run('DELETE FROM night');
    await tx.insertOne('night', {
      ...{
        planned_for: at,
        reason: 'schedule',
        outcome: 'done',
        owner: OWNER,
        attempts: 1,
        started_at: at,
        heartbeat_at: at,
        finished_at: at,
      },
    });
  });
  const server = spawn(process.execPath, [projectPath('bin', 'govblog.cjs'), 'serve'], {
    env: {
      ...{
        PATH: process.env['PATH'],
        GOVBLOG_DATA_DIR: place.dataDir,
        GOVBLOG_DATABASE_URL: place.databaseUrl,
        PORT: '0',
        GOVBLOG_DEMO: 'off',
      },
      ...{
        GOVBLOG_SCHEDULE: `0 ${(hour + 23) % 24} * * *`,
        GOVBLOG_SCHEDULE_ZONE: 'UTC',
        GOVBLOG_SCHEDULE_JITTER: '0',
        GOVBLOG_CATCH_UP: 'all',
      },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    let said = '';
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
    while (!/Ready after|failed/.test(said) && server.exitCode === null) await wait(100);
    expect(said).toContain('Ready after');
    const nights = (await lastNights(app, 10)).reverse();
    expect(nights.map(({ reason, outcome, plannedFor }) => [reason, outcome, plannedFor?.getTime() ?? null])).toEqual([
      ['schedule', 'done', planned(3)],
      ['schedule', 'done', planned(2)],
      ['schedule', 'done', planned(1)],
      ['schedule', 'done', planned(0)],
      ['start', 'done', null],
    ]);
  } finally {
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('close', resolve));
  }
});
