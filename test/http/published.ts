import type { PostRecord } from '../../src/ingest/records';
import type { Log } from '../../src/log';
import { openTestApp, type TestApp } from '../app';
import type { Dialect } from '../stores';
import { TRAPS } from '../traps';

/** A server with two snapshots: that of the traps, and the one after a late post. */
export interface Served {
  readonly test_: TestApp;
  /** Without a slash at its end. */
  readonly origin: string;
  readonly older: string;
  readonly newest: string;
}

const LATE: PostRecord = {
  kind: 'post',
  platform: 'weibo',
  postId: '777',
  accountId: '1001',
  postedAt: Date.parse('2012-06-15T09:00:00+08:00'),
  observedAt: Date.parse('2013-03-31T12:00:00+08:00'),
  text: '迟到',
  original: true,
  reposts: 1,
  comments: 1,
  likes: null,
};

export async function serveTwoSnapshots(dialect: Dialect = 'sqlite', log?: Log): Promise<Served> {
  const test_ = await openTestApp(dialect, { ...(log && { log }) });
  await test_.load(TRAPS);
  const { snapshot: older } = await test_.app.night();
  await test_.load([LATE]);
  const { snapshot: newest, changed } = await test_.app.night();
  if (!changed) throw new Error('the late post made no new snapshot');
  return { test_, origin: (await test_.serve()).address, older: older!, newest: newest! };
}
