import type { Job } from '../src/runner/job';
import { accountDay } from './accountDay';
import { interactions } from './interactions';
import { posts } from './posts';

/** Every job of the night, in the order in which they run. */
export const JOBS: readonly Job[] = [accountDay, posts, interactions];
