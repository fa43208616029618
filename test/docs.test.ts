import { parse } from 'csv-parse/sync';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KEY_ROLES } from '../src/access/caller';
import { SETTINGS } from '../src/config';
import { CUBES } from '../src/model';
import type { Measure } from '../src/model/define';
import { projectPath } from '../src/paths';
import { LIMITS } from '../src/query/limits';
import { NULL_REASONS } from '../src/query/whyNull';

/** Text with runs of spaces as one: the formatter pads tables. */
const read = (name: string): string => readFileSync(projectPath(name), 'utf8').replace(/ {2,}/g, ' ');
const DOCUMENTS = [
  'README.md',
  'CITING.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'GLOSSARY.md',
  'docs/operations.md',
  'docs/snapshots.md',
  'seeds/demo/README.md',
  'seeds/examples/README.md',
  'examples/README.md',
  'examples/grafana/README.md',
  'examples/observable/README.md',
];

test('every setting and every limit is documented with its value', () => {
  const readme = read('README.md');
  for (const { name, default: value, help } of SETTINGS)
    expect(readme).toContain(`| \`${name}\` | ${value === '' ? '(empty)' : `\`${value}\``} | ${help} |`);
  for (const [name, { value, help }] of Object.entries(LIMITS))
    expect(readme).toContain(`| \`${name}\` | ${value.toLocaleString('en-US')} | ${help} |`);
});

test('the glossary has each word once, in order, and no document has marks of a merge', () => {
  const words = [...read('GLOSSARY.md').matchAll(/^\| \*\*(.+?)\*\*/gm)].map((match) => match[1]!.toLowerCase());
  expect(words.length).toBeGreaterThan(50);
  expect(words).toEqual([...new Set(words)].sort((one, other) => (one < other ? -1 : 1)));
  for (const name of DOCUMENTS) expect([name, /^(<{7}|>{7}|={7}$|\| =======|(> ){7})/m.test(read(name))]).toEqual([name, false]);
});

test('every reason of a null is documented', () => {
  for (const [reason, meaning] of Object.entries(NULL_REASONS))
    expect(read('docs/questions.md')).toContain(`| \`${reason}\` | ${meaning} |`);
});

test('every error code is documented', () => {
  const codes = [...read('src/errors.ts').matchAll(/\| '([A-Z_]+)'/g)].map((match) => match[1]!);
  expect(codes.length).toBeGreaterThan(8);
  for (const code of codes) expect(read('README.md')).toContain(`\`${code}\``);
});

test('every metric, every event of the log and every role is documented', () => {
  const page = read('docs/operations.md');
  const sources = ['src/runner/metrics.ts', 'src/http/metricsRoute.ts'].map(read).join('\n');
  const metrics = [...sources.matchAll(/'((?:govblog|process|nodejs)_[a-z_]+)'/g)].map((match) => match[1]!);
  expect(metrics.length).toBeGreaterThan(15);
  for (const metric of metrics) expect(page).toContain(`| \`${metric}\` |`);
  expect([...page.matchAll(/^\| `((?:govblog|process|nodejs)_\w+)` \|/gm)].map((match) => match[1]!).sort()).toEqual(
    [...new Set(metrics)].sort(),
  );
  const files = readdirSync(projectPath('src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const events = files.flatMap((name) => [...read(join('src', name)).matchAll(/\blog\('(\w+\.\w+)'/g)].map((match) => match[1]!));
  expect(events).toContain('partition.published');
  for (const event of events) expect(page).toContain(`\`${event}\``);
  for (const role of KEY_ROLES) expect(page).toContain(`| \`${role}\` |`);
});

test('every measure and dimension says what it is, in two languages', () => {
  for (const cube of CUBES)
    for (const [name, { label, labelZh, description }] of [...Object.entries(cube.dimensions), ...Object.entries(cube.measures)]) {
      expect({ name, zh: /\p{Script=Han}/u.test(labelZh), long: description.length > 20, ends: /[.;]$/.test(description.trim()) }).toEqual({
        name,
        zh: true,
        long: true,
        ends: true,
      });
      expect(label).toMatch(/^[A-Z0-9]/);
    }
});

test('the model and the platforms agree since when there are likes', () => {
  const platforms = parse<{ code: string; likes_since: string }>(readFileSync(projectPath('seeds', 'reference', 'platforms.csv')), {
    columns: true,
  });
  const since = Object.fromEntries(platforms.map(({ code, likes_since }) => [code, likes_since]));
  for (const { measures } of CUBES)
    for (const measure of Object.values(measures as Record<string, Measure>))
      for (const [platform, day] of Object.entries(measure.existsSince ?? {})) expect(since[platform]).toBe(day);
});

test('every link and every path named in code style leads somewhere', () => {
  for (const document of DOCUMENTS) {
    const text = read(document);
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map((match) => join(dirname(document), match[1]!));
    const paths = [...text.matchAll(/`((?:src|schema|jobs|seeds|test|bench|examples|\.ci)\/[\w./-]*)`/g)].map((match) => match[1]!);
    for (const path of [...links, ...paths])
      expect({ document, path, there: [path, `${path}.ts`, `${path}.test.ts`].some((one) => existsSync(projectPath(one))) }).toEqual({
        document,
        path,
        there: true,
      });
  }
});

test('documents and code speak of the project alone', () => {
  for (const document of DOCUMENTS) expect(read(document)).not.toMatch(/\/work\/|shared\/|TODO|FIXME|lorem/i);
});

test('each of the fourteen recommendations on data citation is answered, and says where', () => {
  const rows = [...read('CITING.md').matchAll(/^\| R(\d+) ([\w ]+) \| (yes|in part) \| (.+?) \| (.+?) \|$/gm)];
  expect(rows.map(([, number, name]) => `${number} ${name}`)).toEqual([
    '1 Data Versioning', '2 Timestamping', '3 Query Store Facilities', '4 Query Uniqueness', '5 Stable Sorting', '6 Result Set Verification',
    '7 Query Timestamping', '8 Query PID', '9 Store Query', '10 Automated Citation Texts', '11 Landing Page', '12 Machine Actionability',
    '13 Technology Migration', '14 Migration Verification',
  ]); // prettier-ignore
  for (const [, number, , , , where] of rows) expect([number, where]).toEqual([number, expect.stringMatching(/^`(src|test)\//)]);
});
