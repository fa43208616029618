import type { Measure } from './define';
import { FOLLOWED_MINUTES } from './facts';

const followed = {
  kind: 'survival',
  column: 'known_minutes',
  from: 'first_seen_minutes',
  event: 'deleted',
  unit: 'share',
  source: 'DEL-02',
} as const;
const CAVEAT =
  'By Kaplan and Meier 1958: a post counts from when it was first seen until it was found gone, or else was last seen. Null where no post was followed that long: a single crawl months later tells nothing of the first day. What vanished before anybody saw it is in none of it.';

/** How long posts stay, of those that were looked at more than once soon after they were written. */
export const postSurvival = {
  availableAfter30Minutes: {
    ...followed,
    within: 30,
    label: 'Still there after 30 minutes',
    labelZh: '发布30分钟后留存率',
    description: `Share of posts that are not deleted within 30 minutes of their publication. ${CAVEAT}`,
  },
  availableAfter24Hours: {
    ...followed,
    within: FOLLOWED_MINUTES,
    label: 'Still there after 24 hours',
    labelZh: '发布24小时后留存率',
    description: `Share of posts that are not deleted within 24 hours of their publication. ${CAVEAT}`,
  },
} as const satisfies Record<string, Measure>;
