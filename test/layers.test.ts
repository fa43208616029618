import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { PROJECT_DIR } from '../src/paths';

/** Path prefix → layer. A file may import its own layer or a lower one. The longest prefix counts. */
const LAYERS: Readonly<Record<string, number>> = {
  'src/errors': 0,
  'src/config': 0,
  'src/log': 0,
  'src/clock': 0,
  'src/suggest': 0,
  'src/counted': 0,
  'src/paths': 0,
  'src/collections': 0,
  'src/owner': 0,
  'src/licences': 0,
  'src/model': 1,
  'src/text': 1,
  'src/query': 2,
  'src/store': 2,
  'src/ingest': 2,
  'src/access': 2,
  'src/warehouse': 2,
  'src/stats': 2,
  'src/export': 2,
  'src/answer': 3,
  'src/runner': 3,
  'src/http': 4,
  schema: 4,
  jobs: 4,
  seeds: 4,
  'src/app': 5,
  'src/demo': 5,
  'src/cli': 5,
  bench: 5,
};

/** Packages that one place alone may use. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  'type-graphql': ['schema'],
  typeorm: ['src/store'],
  '@duckdb/node-api': ['src/warehouse/duckdb'],
  'node-cron': ['src/runner/scheduler'],
  '@apollo/server': ['src/http', 'schema/errors'],
  fastify: ['src/http'],
  commander: ['src/cli'],
  jstat: ['src/stats'],
  '@node-rs/jieba': ['src/text/segmenter'],
  'apache-arrow': ['src/export/arrow'],
  yazl: ['src/warehouse/archive'],
};

/** Folders without clock, input or output. */
const PURE = ['src/model', 'src/query', 'src/stats', 'src/export'];
const IMPURE = [
  /\bnode:(fs|http|https|net|child_process|worker_threads|timers)\b/,
  /\bDate\.now\(\)/,
  /\bnew Date\(\)/,
  /\bprocess\.(env|cwd|pid)\b/,
  /\bMath\.random\b/,
];

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const sources: Source[] = ['src', 'schema', 'jobs', 'seeds', 'bench'].flatMap((folder) =>
  readdirSync(join(PROJECT_DIR, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => {
      const path = join(folder, name);
      const text = readFileSync(join(PROJECT_DIR, path), 'utf8');
      return { path, text, imports: [...text.matchAll(/(?:from|import\(|require\()\s*'([^']+)'/g)].map((match) => match[1]!) };
    }),
);

function layerOf(path: string): number {
  const prefix = Object.keys(LAYERS)
    .filter((candidate) => path === `${candidate}.ts` || path.startsWith(`${candidate}/`))
    .sort((a, b) => b.length - a.length)[0];
  if (prefix === undefined) throw new Error(`${path} has no layer: add it to LAYERS in test/layers.test.ts and to ARCHITECTURE.md`);
  return LAYERS[prefix]!;
}

/** Imports that break the order of layers. */
function upward({ path, imports }: Source): string[] {
  return imports
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(PROJECT_DIR, resolve(PROJECT_DIR, dirname(path), name)) + '.ts')
    .map((target) => (layerOfOrIndex(target) > layerOf(path) ? `${path} imports ${target} from a higher layer` : ''))
    .filter((problem) => problem !== '');
}
const layerOfOrIndex = (target: string): number =>
  layerOf(sources.some(({ path }) => path === target) ? target : target.replace(/\.ts$/, '/index.ts'));

const strayed = ({ path, imports }: Source): string[] =>
  imports.flatMap((name) => {
    const [home] = Object.entries(HOMES).filter(([library]) => name === library || name.startsWith(`${library}/`));
    return home && !home[1].some((place) => path.startsWith(place))
      ? [`${path} imports ${name}, which belongs in ${home[1].join(', ')}`]
      : [];
  });

const impure = ({ path, text }: Source): string[] =>
  PURE.some((folder) => path.startsWith(`${folder}/`))
    ? IMPURE.filter((pattern) => pattern.test(text)).map((pattern) => `${path} is not pure: ${pattern.source}`)
    : [];

test('imports go down only', () => {
  expect(sources.length).toBeGreaterThan(60);
  expect(sources.flatMap(upward)).toEqual([]);
});

test('an upward import would be seen', () => {
  const planted = { path: 'src/model/planted.ts', text: '', imports: ['../answer/answer'] };
  expect(upward(planted)).toEqual(['src/model/planted.ts imports src/answer/answer.ts from a higher layer']);
});

test('schema and jobs never know each other', () => {
  const crossing = sources.filter(
    ({ path, imports }) => path.startsWith('schema/') && imports.some((name) => /(^|\/)jobs(\/|$)/.test(name)),
  );
  expect(crossing.map(({ path }) => path)).toEqual([]);
});

test('one library, one place', () => {
  expect(sources.flatMap(strayed)).toEqual([]);
  expect(strayed({ path: 'src/query/planted.ts', text: '', imports: ['typeorm'] })).toHaveLength(1);
});

test('model, query and export are pure', () => {
  expect(sources.flatMap(impure)).toEqual([]);
  expect(impure({ path: 'src/query/planted.ts', text: "import { readFileSync } from 'node:fs'", imports: [] })).toHaveLength(1);
});

test('settings are read from the environment in one place', () => {
  expect(
    sources.filter(({ path, text }) => /process\.env|from 'node:process'/.test(text) && path !== 'src/config.ts').map(({ path }) => path),
  ).toEqual([]);
});
