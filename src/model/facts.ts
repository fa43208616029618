/** The fact tables that jobs build and that late data can make stale. */
export const FACTS = ['activity', 'posts', 'interactions'] as const;
export type Fact = (typeof FACTS)[number];

/** End of a range that lasts until whatever the data reach. */
export const FOREVER = '9999-12-31';

/**
 * A post changes the dormancy of its account for this many days: the longest window of a dormancy measure. Of the same length is
 * the silence before a post that is still measured.
 */
export const DORMANCY_DAYS = 90;

/** Minutes after its publication up to which it is told when a post was seen or missed; whatever is later is one more. */
export const FOLLOWED_MINUTES = 1_440;
