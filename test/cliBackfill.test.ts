import { setTimeout as wait } from 'node:timers/promises';
import { backfillById, listBackfills } from '../src/runner/backfills';
import { currentSnapshotId } from '../src/warehouse/snapshots';
import { openTestApp, preparedCopy, type TestApp } from './app';
import { startGovblog } from './hardship/processes';
import type { Place } from './stores';

let place: Place;
let test_: TestApp;
beforeAll(async () => {
  place = await preparedCopy('sqlite', 'late waits');
  test_ = await openTestApp('sqlite', { place });
});
afterAll(async () => {
  await test_.close();
  await place.remove();
});
const govblog = async (...args: string[]): Promise<string> => {
  const { code, out, err } = await startGovblog(place, args).ended;
  expect({ code, err }).toEqual({ code: 0, err: expect.any(String) });
  return out;
};
const planned = async (reason: string): Promise<string> =>
  (JSON.parse(await govblog('backfill', 'plan', 'posts', '--from', '2012-04-01', '--to', '2012-04-30', '--reason', reason, '--json')) as { token: string }).token; // prettier-ignore

test('a server without a schedule builds nothing of what is due', async () => {
  const before = await currentSnapshotId(test_.app.store);
  const runs = await test_.app.store.query('SELECT id FROM partition_run');
  const server = startGovblog(place, ['serve'], { env: { GOVBLOG_SCHEDULE: 'off', PORT: '0' } });
  for (let tries = 0; tries < 600 && !server.said().includes('Ready'); tries += 1) await wait(50);
  server.kill('SIGTERM');
  const { out, err } = await server.ended;
  expect(out + err).toContain(`Ready: snapshot ${before}. GOVBLOG_SCHEDULE=off: \`govblog run\` builds what is due.`);
  expect(await test_.app.store.query('SELECT id FROM partition_run')).toEqual(runs);
});

test('a run up to a day leaves backfills alone; reasons are kept; a plan that was applied says what became of it', async () => {
  const token = await planned('seen by hand');
  expect(await govblog('backfill', 'apply', token)).toContain('takes it up within seconds');
  const [{ id } = { id: 0 }] = await listBackfills(test_.app.backfills, { limit: 1 });
  await govblog('run', '--until', '2012-01-31', '--reason', 'only the old months');
  expect(await backfillById(test_.app.backfills, id)).toMatchObject({ status: 'queued', done: 0 });

  await govblog('backfill', 'pause', String(id), '--reason', 'the disk is busy');
  await govblog('backfill', 'cancel', String(id), '--reason', 'not needed');
  expect((await backfillById(test_.app.backfills, id)).history.map(({ event, note }) => [event, note])).toEqual([
    ['applied', 'seen by hand'],
    ['paused', 'the disk is busy'],
    ['cancelled', 'not needed'],
  ]);
  expect(await govblog('backfill', 'apply', token)).toMatch(/cancelled[^]*This plan was applied before; plan again/);
  const log = JSON.parse(await govblog('audit-log', '--json')) as Record<'action' | 'reason', string>[];
  expect(log.map(({ action, reason }) => [action, reason])).toEqual(
    expect.arrayContaining([
      ['run', 'only the old months'],
      ['backfill cancel', 'not needed'],
    ]),
  );
});
