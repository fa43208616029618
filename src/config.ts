import { resolve } from 'node:path';
import { GovblogError } from './errors';
import { licenceNamed, type Licence } from './licences';
import { didYouMean } from './suggest';

/** Everything a user may set. The type, the parsing, `govblog config` and the documentation test all follow from this table. */
export const SETTINGS = [
  { name: 'GOVBLOG_DATA_DIR', default: './data', help: 'Folder of the embedded database, the Parquet partitions and temporary files.' },
  {
    name: 'GOVBLOG_DATABASE_URL',
    default: '',
    help: 'Empty: SQLite in the data folder. `mysql://user:pass@host:3306/name`: MySQL 8 or MariaDB 10.11.',
  },
  { name: 'PORT', default: '4000', help: 'TCP port of the HTTP server; 0 takes a free one.' },
  {
    name: 'GOVBLOG_HOST',
    default: '127.0.0.1',
    help: 'Address to listen on. Any but loopback needs a key in the store: `govblog keys create`.',
  },
  {
    name: 'GOVBLOG_KEYLESS',
    default: 'loopback',
    help: 'Where a server without any key listens: on `loopback`, or `anywhere`, where all who reach it read everything and change nothing.',
  },
  {
    name: 'GOVBLOG_PUBLIC_URL',
    default: '',
    help: 'Address that citations and pages name, such as https://govblog.example.org; empty: the address that the request was sent to.',
  },
  {
    name: 'GOVBLOG_DATA_LICENCE',
    default: '',
    help: 'Licence of your data, such as CC-BY-4.0, or the address of your terms; empty: none is stated, but that of the demo data.',
  },
  { name: 'GOVBLOG_DEMO', default: 'auto', help: '`auto` loads the synthetic demo data into an empty store; `off` does not.' },
  { name: 'GOVBLOG_SCHEDULE', default: '30 2 * * *', help: 'When the night runs, as a cron expression; `off` disables the scheduler.' },
  { name: 'GOVBLOG_SCHEDULE_ZONE', default: 'Asia/Shanghai', help: 'IANA time zone of the schedule.' },
  {
    name: 'GOVBLOG_KEEP_DAYS',
    default: '30',
    help: 'Days that a snapshot is kept after a newer one replaced it. The last of each month, cited and pinned ones are kept for ever.',
  },
  {
    name: 'GOVBLOG_COLLECT',
    default: 'auto',
    help: '`auto` deletes after each night what need not be kept; `off` leaves it to `govblog snapshots collect`.',
  },
  {
    name: 'GOVBLOG_COLLECT_GRACE_HOURS',
    default: '24',
    help: 'Hours that a file stays after nothing names it any more: longer than any answer, download or build takes.',
  },
  {
    name: 'GOVBLOG_KEEP_AUDIT_DAYS',
    default: '0',
    help: 'Days that the audit log keeps who changed what, and why; the night removes what is older. 0 keeps all for ever.',
  },
  {
    name: 'GOVBLOG_SCHEDULE_JITTER',
    default: '30',
    help: 'Seconds within which a process begins its nights later than planned, so that several do not begin at once.',
  },
  {
    name: 'GOVBLOG_CATCH_UP',
    default: 'latest',
    help: 'Nights that did not happen: `all` are run one by one, the `latest` alone (it builds all that is missing), or `none`.',
  },
  { name: 'GOVBLOG_CATCH_UP_DAYS', default: '7', help: 'Nights that are longer ago than this many days are not caught up.' },
  {
    name: 'GOVBLOG_MAX_ATTEMPTS',
    default: '5',
    help: 'Attempts at a partition that fails by its data, before it is left alone until its data or its definition change.',
  },
  {
    name: 'GOVBLOG_CONCURRENCY',
    default: '16',
    help: 'Partitions that all processes of a store together build at once; the next waits. The same for each process.',
  },
  { name: 'GOVBLOG_JOB_CONCURRENCY', default: '8', help: 'The same for each job and each rollup by itself.' },
  { name: 'GOVBLOG_BUILDERS', default: '1', help: 'Partitions that a process builds at once; they share GOVBLOG_BUILD_MEMORY_MB.' },
  { name: 'GOVBLOG_QUERY_TIMEOUT_MS', default: '30000', help: 'A question that runs longer than this many milliseconds is cancelled.' },
  {
    name: 'GOVBLOG_MAX_SCANNED_ROWS',
    default: '500000000',
    help: 'A question that would read more rows of facts or rollups is refused before it runs.',
  },
  { name: 'GOVBLOG_QUERY_MEMORY_MB', default: '1024', help: 'Memory the query engine may use, in megabytes.' },
  { name: 'GOVBLOG_BUILD_MEMORY_MB', default: '1024', help: 'Memory a nightly job may use, in megabytes.' },
  { name: 'GOVBLOG_CACHE_MB', default: '64', help: 'Memory for answers kept by question and snapshot, in megabytes; 0 keeps none.' },
  { name: 'GOVBLOG_LOG_LEVEL', default: 'info', help: 'Lowest level logged: trace, debug, info, warn, error, silent.' },
] as const;

export interface Config {
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly port: number;
  readonly host: string;
  readonly keyless: 'loopback' | 'anywhere';
  readonly publicUrl: string;
  readonly licence: Licence | null;
  readonly demo: 'auto' | 'off';
  readonly schedule: string;
  readonly scheduleZone: string;
  readonly keepDays: number;
  readonly collect: 'auto' | 'off';
  readonly collectGraceHours: number;
  readonly keepAuditDays: number;
  readonly scheduleJitterMs: number;
  readonly catchUp: 'all' | 'latest' | 'none';
  readonly catchUpDays: number;
  readonly maxAttempts: number;
  readonly concurrency: number;
  readonly jobConcurrency: number;
  readonly builders: number;
  readonly queryTimeoutMs: number;
  readonly maxScannedRows: number;
  readonly queryMemoryMb: number;
  readonly buildMemoryMb: number;
  readonly cacheMb: number;
  readonly logLevel: string;
}

type Environment = Readonly<Record<string, string | undefined>>;
type SettingName = (typeof SETTINGS)[number]['name'];

/** Reads the settings once; an unknown GOVBLOG_ variable or a value of the wrong form is an error that names it. */
export function readConfig(environment: Environment = process.env): Config {
  const names = SETTINGS.map(({ name }) => name as string);
  for (const name of Object.keys(environment))
    if (name.startsWith('GOVBLOG_') && !names.includes(name))
      throw new GovblogError('BAD_SETTING', `There is no setting ${name}.${slip(name, names)} \`govblog config\` lists them all.`);

  const text = (name: SettingName): string => {
    const value = environment[name];
    return value === undefined || value === '' ? SETTINGS.find((setting) => setting.name === name)!.default : value;
  };
  const integer = (name: SettingName, least: number, most = Number.MAX_SAFE_INTEGER): number => {
    const value = Number(text(name));
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new GovblogError('BAD_SETTING', `${name} is "${text(name)}"; it takes a whole number ${range}.`);
  };
  const oneOf = <T extends string>(name: SettingName, allowed: readonly T[]): T => {
    const value = allowed.find((candidate) => candidate === text(name));
    if (value !== undefined) return value;
    throw new GovblogError('BAD_SETTING', `${name} is "${text(name)}"; it takes one of: ${allowed.join(', ')}.`);
  };
  const url = text('GOVBLOG_DATABASE_URL');
  if (url !== '' && !/^(mysql|mariadb):\/\/.+\/.+/.test(url))
    throw new GovblogError(
      'BAD_SETTING',
      'GOVBLOG_DATABASE_URL takes mysql://user:password@host:3306/name, or nothing for SQLite in the data folder.',
    );
  const zone = text('GOVBLOG_SCHEDULE_ZONE');
  if (!isTimeZone(zone))
    throw new GovblogError('BAD_SETTING', `GOVBLOG_SCHEDULE_ZONE is "${zone}"; it takes an IANA zone such as Asia/Shanghai.`);

  return Object.freeze({
    dataDir: resolve(text('GOVBLOG_DATA_DIR')),
    databaseUrl: url,
    port: integer('PORT', 0, 65_535),
    host: text('GOVBLOG_HOST'),
    keyless: oneOf('GOVBLOG_KEYLESS', ['loopback', 'anywhere']),
    publicUrl: publicUrlOf(text('GOVBLOG_PUBLIC_URL')),
    licence: licenceIn(text('GOVBLOG_DATA_LICENCE')),
    demo: oneOf('GOVBLOG_DEMO', ['auto', 'off']),
    schedule: text('GOVBLOG_SCHEDULE'),
    scheduleZone: zone,
    keepDays: integer('GOVBLOG_KEEP_DAYS', 0),
    collect: oneOf('GOVBLOG_COLLECT', ['auto', 'off']),
    collectGraceHours: integer('GOVBLOG_COLLECT_GRACE_HOURS', 1),
    keepAuditDays: integer('GOVBLOG_KEEP_AUDIT_DAYS', 0),
    scheduleJitterMs: integer('GOVBLOG_SCHEDULE_JITTER', 0) * 1000,
    catchUp: oneOf('GOVBLOG_CATCH_UP', ['all', 'latest', 'none']),
    catchUpDays: integer('GOVBLOG_CATCH_UP_DAYS', 1),
    maxAttempts: integer('GOVBLOG_MAX_ATTEMPTS', 1),
    concurrency: integer('GOVBLOG_CONCURRENCY', 1),
    jobConcurrency: integer('GOVBLOG_JOB_CONCURRENCY', 1),
    builders: integer('GOVBLOG_BUILDERS', 1),
    queryTimeoutMs: integer('GOVBLOG_QUERY_TIMEOUT_MS', 1),
    maxScannedRows: integer('GOVBLOG_MAX_SCANNED_ROWS', 1),
    queryMemoryMb: integer('GOVBLOG_QUERY_MEMORY_MB', 64),
    buildMemoryMb: integer('GOVBLOG_BUILD_MEMORY_MB', 64),
    cacheMb: integer('GOVBLOG_CACHE_MB', 0),
    logLevel: oneOf('GOVBLOG_LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'silent']),
  });
}

/** The setting that a misspelled one stands for; PORT, which has no prefix, may have been given one. */
const slip = (name: string, names: readonly string[]): string =>
  didYouMean(
    name,
    names.map((one) => (one.startsWith('GOVBLOG_') ? one : `GOVBLOG_${one}`)),
  ).replace('GOVBLOG_PORT', 'PORT');

function publicUrlOf(text: string): string {
  if (text === '') return '';
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new GovblogError('BAD_SETTING', `GOVBLOG_PUBLIC_URL is "${text}"; it takes an address such as https://govblog.example.org.`);
  return text.replace(/\/+$/, '');
}

function licenceIn(text: string): Licence | null {
  if (text === '') return null;
  const licence = licenceNamed(text);
  if (typeof licence !== 'string') return licence;
  throw new GovblogError('BAD_SETTING', `GOVBLOG_DATA_LICENCE is "${text}"; ${licence}`);
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
