import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import type { Place } from '../stores';
import { openStore } from '../../src/store/open';

/** A MariaDB of one test's own, that may be killed and started again on the same port. */
export interface Database {
  readonly place: Place;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
  /** Starts it again and returns once it answers. */
  start(): Promise<void>;
}

const PATH = `${process.env['PATH']}:/usr/sbin:/usr/local/sbin`;
const found = (program: string): boolean => PATH.split(':').some((folder) => existsSync(join(folder, program)));
/** Whether the programs of a MariaDB are here. */
export const HAS_MARIADB = found('mariadbd') && found('mariadb-install-db');

/** Makes and starts a server with one empty database. Its `place` removes everything. */
export async function openDatabase(): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), 'govblog-test-'));
  const [data, work, dataDir] = ['data', 'work', 'place'].map((name) => join(folder, name)) as [string, string, string];
  for (const one of [data, work, dataDir]) mkdirSync(one);
  const password = randomBytes(12).toString('hex');
  const init = join(folder, 'init.sql');
  writeFileSync(
    init,
    `CREATE DATABASE IF NOT EXISTS govblog_test CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS 'govblog'@'127.0.0.1' IDENTIFIED BY '${password}';
GRANT ALL PRIVILEGES ON govblog_test.* TO 'govblog'@'127.0.0.1';
`,
  );
  const asUser = process.getuid?.() === 0 ? ['--user=mysql'] : [];
  if (asUser.length > 0) {
    chmodSync(folder, 0o711);
    const uid = Number(spawnSync('id', ['-u', 'mysql'], { encoding: 'utf8' }).stdout);
    for (const one of [data, work, init]) chownSync(one, uid, -1);
  }
  const env = { ...process.env, PATH };
  const installed = spawnSync(
    'mariadb-install-db',
    ['--no-defaults', ...asUser, `--datadir=${data}`, '--skip-test-db', '--skip-name-resolve'],
    { env, encoding: 'utf8' },
  );
  if (installed.status !== 0) throw new Error(`mariadb-install-db failed: ${installed.stdout}${installed.stderr}`);
  const port = await freePort();
  const databaseUrl = `mysql://govblog:${password}@127.0.0.1:${port}/govblog_test`;
  let server: ChildProcess | null = null;

  const kill = async (): Promise<void> => {
    if (server === null) return;
    const ended = new Promise((resolve) => server!.once('close', resolve));
    server.kill('SIGKILL');
    await ended;
    server = null;
  };
  const start = async (): Promise<void> => {
    // What was committed must outlive the death of the server, so the log is written out at every commit.
    server = spawn(
      'mariadbd',
      [
        '--no-defaults', ...asUser, `--datadir=${data}`, `--tmpdir=${work}`, `--socket=${join(work, 'sock')}`, `--pid-file=${join(work, 'pid')}`,
        `--init-file=${init}`, '--skip-networking=0', '--bind-address=127.0.0.1', `--port=${port}`, '--skip-name-resolve', '--character-set-server=utf8mb4',
        '--skip-log-bin', '--performance-schema=OFF', '--innodb-buffer-pool-size=32M', '--innodb-use-native-aio=0',
      ], // prettier-ignore
      { env, stdio: 'ignore' },
    );
    for (let attempt = 1; ; attempt += 1) {
      try {
        await (await createConnection(databaseUrl)).end();
        return;
      } catch (error) {
        if (attempt === 300) throw error;
        await wait(100);
      }
    }
  };
  await start();
  return {
    kill,
    start,
    place: {
      dataDir,
      databaseUrl,
      open: () => openStore({ dataDir, databaseUrl }),
      remove: async () => {
        await kill();
        rmSync(folder, { recursive: true, force: true });
      },
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
