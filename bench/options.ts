import { parseArgs } from 'node:util';

/** How much is measured. All of it comes from the command line. */
export interface Options {
  readonly posts: number;
  /** Rounds of loading and of building. */
  readonly rounds: number;
  /** Accounts and months of the generated facts that questions are asked of. */
  readonly accounts: number;
  readonly months: number;
  /** Posts of the long night; 0: it is left out. */
  readonly nightPosts: number;
  readonly questionRounds: number;
  readonly httpSeconds: number;
  /** Where MySQL databases may be created, as for the tests; empty: the MySQL part is skipped. */
  readonly mysqlUrl: string;
  /** Names of sections begin with one of these. */
  readonly only: readonly string[];
  /** Gigabytes of the file whose loading is watched for its memory. */
  readonly fileGb: number;
  /** Temporary folder of this run; everything is written there. */
  readonly folder: string;
}

export const USAGE = `node dist/bench/main.js [--posts <number>] [--quick] [--mysql <url>] [--only <section>] [--file-gb <number>]
       [--accounts <number>] [--months <number>] [--night-posts <number>]

  --posts   posts to load and build (100000; with --quick 20000)
  --quick   smaller data and fewer rounds: under a minute, ratios less steady
  --mysql   MySQL or MariaDB where databases may be made, as for the tests; without it that part is skipped:
            npm run bench -- --mysql $(.ci/mariadb start)
  --only    the sections whose names begin so: ingest, memory, night, long, cube, http (http needs cube: --only cube,http), backfill
  --accounts, --months
            size of the facts that questions are asked of (10000 accounts x 20 months; with --quick 2000);
            14.6 million account-days: --only cube --accounts 20000 --months 24; a backfill of as many: --only backfill …
  --night-posts
            a night over so many posts of --accounts accounts in --months months, once: --only long --night-posts 10000000
  --file-gb size of the file whose loading is watched for its memory (0.2; with --quick 0.05)`;

const FULL = { posts: 100_000, rounds: 3, accounts: 10_000, months: 20, questionRounds: 9, httpSeconds: 5, fileGb: 0.2 };
const QUICK = { posts: 20_000, rounds: 3, accounts: 2_000, months: 20, questionRounds: 7, httpSeconds: 2, fileGb: 0.05 };

/** Reads the command line; null when it asks for help. */
export function readOptions(args: readonly string[], folder: string): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      posts: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      mysql: { type: 'string', default: '' },
      only: { type: 'string', default: '' },
      'file-gb': { type: 'string' },
      accounts: { type: 'string' },
      months: { type: 'string' },
      'night-posts': { type: 'string', default: '0' },
    },
  });
  if (values.help) return null;
  const scale = values.quick ? QUICK : FULL;
  const posts = Number(values.posts ?? scale.posts);
  if (!Number.isInteger(posts) || posts < 1_000) throw new Error(`--posts is "${values.posts}"; it takes a whole number of at least 1000.`);
  const nightPosts = Number(values['night-posts']);
  if (nightPosts !== 0 && !(Number.isInteger(nightPosts) && nightPosts >= 200_000))
    throw new Error(`--night-posts is "${values['night-posts']}"; it takes a whole number of at least 200000.`);
  const fileGb = Number(values['file-gb'] ?? scale.fileGb);
  if (!(fileGb > 0)) throw new Error(`--file-gb is "${values['file-gb']}"; it takes a number above 0.`);
  const atLeast = (name: 'accounts' | 'months', least: number): number => {
    const value = Number(values[name] ?? scale[name]);
    if (!Number.isInteger(value) || value < least)
      throw new Error(`--${name} is "${values[name]}"; it takes a whole number of at least ${least}.`);
    return value;
  };
  // The questions are about 2011 and its quarters.
  return {
    ...scale,
    posts,
    fileGb,
    nightPosts,
    accounts: atLeast('accounts', 100),
    months: atLeast('months', 12),
    only: values.only.split(','),
    mysqlUrl: values.mysql,
    folder,
  };
}
