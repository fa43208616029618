import { join } from 'node:path';
import { JOBS } from '../../jobs';
import type { Job } from '../../src/runner/job';
import { runNight } from '../../src/runner/night';
import { currentSnapshot } from '../../src/warehouse/snapshots';
import { openTestApp } from '../app';
import { DIALECTS } from '../stores';
import { TRAPS } from '../traps';

test.each(DIALECTS)('several builders at once make the files that one makes, on %s', async (dialect) => {
  const alone = await openTestApp(dialect, { prepared: 'traps' });
  const { contentHash } = (await currentSnapshot(alone.app.store))!;
  await alone.close();

  const test_ = await openTestApp(dialect);
  await test_.load(TRAPS);
  const builders = 3;
  const tools = { ...test_.app, buildMemoryMb: 384, tempDir: join(test_.place.dataDir, 'tmp'), builders };
  // Each builder prepares an engine of its own.
  let prepared = 0;
  const counted = JOBS.map((job): Job => ({ ...job, prepare: (bench) => ((prepared += 1), job.prepare(bench)) }));
  const { jobs } = await runNight(counted, tools, 'Asia/Shanghai');
  expect(prepared).toBe(JOBS.length * builders);
  expect(jobs.map(({ failed, elsewhere }) => failed + elsewhere)).toEqual([0, 0, 0]);
  expect((await currentSnapshot(test_.app.store))!.contentHash).toBe(contentHash);
  await test_.close();
});
