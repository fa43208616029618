import { DEMO_DEFAULTS, demoRecords } from '../seeds/demo';
import type { PostRecord } from '../src/ingest/records';
import type { TestApp } from './app';
import { filledOnce } from './preparedFolder';
import { copyOf, type Dialect, type Place } from './stores';
import { lateWaits } from './hardship/records';
import { COMMENT_TRAPS } from './numbers/interactionTraps';
import { TRAPS } from './traps';

/** A post of June 2012 that comes after everything else was loaded. */
export const LATE_POST: PostRecord = {
  kind: 'post', platform: 'weibo', postId: '777', accountId: '1001', postedAt: Date.parse('2012-06-15T09:00:00+08:00'),
  observedAt: Date.parse('2013-03-31T12:00:00+08:00'), text: '迟到', original: true, reposts: 1, comments: 1, likes: null,
}; // prettier-ignore

const small = () => demoRecords({ ...DEMO_DEFAULTS, scale: 0.01 });

/** What many suites begin with. */
const PREPARATIONS = {
  /** The traps, published. */
  traps: async ({ load, app }: TestApp) => {
    await load(TRAPS);
    await app.night();
  },
  'traps and comments': async ({ load, app }: TestApp) => {
    await load([...TRAPS, ...COMMENT_TRAPS]);
    await app.night();
  },
  'demo and traps': async ({ load, app }: TestApp) => {
    await load(small());
    await load(TRAPS);
    await app.night();
  },
  /** The snapshot of the traps, and the one after a late post. */
  'two snapshots': async ({ load, app }: TestApp) => {
    await load(TRAPS);
    await app.night();
    await load([LATE_POST]);
    if (!(await app.night()).changed) throw new Error('the late post made no new snapshot');
  },
  /** Four months of one account, published, and late data that no night has seen. */
  'late waits': lateWaits,
  /** A hundredth of the demo data, not yet built. */
  'demo loaded': async ({ load }: TestApp) => void (await load(small())),
  /** The same, published. */
  demo: async ({ load, app }: TestApp) => {
    await load(small());
    await app.night();
  },
} as const;
export type Preparation = keyof typeof PREPARATIONS;

/** A copy of a place that is prepared once in a run of the tests: the store is closed when it is copied, and every copy is a place of its own. */
export async function preparedPlace(dialect: Dialect, name: Preparation, open: (place: Place) => Promise<TestApp>): Promise<Place> {
  return copyOf(
    await filledOnce(dialect, name, async (place) => {
      const test_ = await open(place);
      await PREPARATIONS[name](test_);
      await test_.close();
    }),
  );
}
