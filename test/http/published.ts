import type { Log } from '../../src/log';
import { listSnapshots } from '../../src/warehouse/snapshots';
import { openTestApp, type TestApp } from '../app';
import type { Dialect } from '../stores';

/** A server with two snapshots: that of the traps, and the one after a late post. */
export interface Served {
  readonly test_: TestApp;
  /** Without a slash at its end. */
  readonly origin: string;
  readonly older: string;
  readonly newest: string;
}

export async function serveTwoSnapshots(dialect: Dialect = 'sqlite', log?: Log): Promise<Served> {
  const test_ = await openTestApp(dialect, { ...(log && { log }), prepared: 'two snapshots' });
  const [newest, older] = (await listSnapshots(test_.app.store)).map(({ id }) => id);
  return { test_, origin: (await test_.serve()).address, older: older!, newest: newest! };
}
