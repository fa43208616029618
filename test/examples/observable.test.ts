import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { DATASET } from '../../src/export/dataset';
import { projectPath } from '../../src/paths';
import { serveDemo, type DemoServer } from '../browser/demoServer';
import { inFolder, output } from './programs';
import { answerAt, publishedAt, type Row } from './reading';

const FOLDER = projectPath('examples', 'observable');
const page = readFileSync(join(FOLDER, 'src', 'index.md'), 'utf8');
const blocks = [...page.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, code]) => code!);
const inline = [...page.replace(/^```[^]*?^```$/gm, '').matchAll(/\$\{((?:[^{}]|\{[^{}]*\})*)\}/g)].map(([, code]) => code!);

/** What is wrong with a module's syntax. */
const complaints = (code: string): string[] =>
  (ts.transpileModule(code, { reportDiagnostics: true, fileName: 'page.js', compilerOptions: { allowJs: true, module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext } }).diagnostics ?? []).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')); // prettier-ignore

test('the code of the page parses', () => {
  expect([blocks.length, inline.length]).toEqual([5, 6]);
  expect(blocks.flatMap(complaints)).toEqual([]);
  expect(inline.flatMap((code) => complaints(`(${code});`))).toEqual([]);
  expect(complaints(blocks[0]!.replace(')', ''))).not.toEqual([]);
});

test('what a block makes is shown: the page shows nothing of a block that ends with a semicolon', () => {
  for (const block of blocks) expect(block).toMatch(/^(const \w+ = |display\()/);
});

test('configuration and package go together', () => {
  const config = readFileSync(join(FOLDER, 'observablehq.config.js'), 'utf8');
  expect(complaints(config)).toEqual([]);
  expect(config).toContain("root: 'src'");
  const { type, scripts, dependencies } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8'));
  expect(type).toBe('module');
  expect(scripts.build).toBe('observable build');
  expect(Object.keys(dependencies)).toEqual(['@observablehq/framework']);
});

interface Loaded {
  readonly months: readonly Row[];
  readonly regions: readonly Row[];
  readonly permalink: string;
  readonly citation: string;
}

describe('the data loader, run as Framework runs it', () => {
  let server: DemoServer;
  let data: Loaded;
  beforeAll(async () => {
    server = await serveDemo('published');
    const files = [...page.matchAll(/FileAttachment\('([^']*)'\)/g)].map(([, file]) => file!);
    expect(files).toEqual(['data/govblog.json']);
    const loader = join(FOLDER, 'src', `${files[0]}.js`);
    expect(existsSync(loader)).toBe(true);
    data = await inFolder(async (folder) => JSON.parse(await output(process.execPath, [loader], folder, `${server.origin}/`)));
  });
  afterAll(() => server.close());

  it('writes what the server answers, of one snapshot', async () => {
    const { id, from, to } = (await publishedAt(server.origin)).snapshot;
    const direct = (fields: string) => answerAt(`${server.origin}/activity.json?fields=${fields}&from=${from}&to=${to}`);
    expect(data).toMatchObject({
      snapshot: id,
      period: { from, to },
      title: DATASET.title,
      syntheticNote: DATASET.syntheticNote,
      months: (await direct('month,accountType,accounts')).rows,
      regions: (await direct('region,accounts,posts,postsPerAccount')).rows,
    });
    expect([data.months, data.regions].map(({ length }) => length > 20)).toEqual([true, true]);
  });

  it('cites with a link that answers the same rows', async () => {
    const link = data.permalink;
    expect(data.citation).toContain(`[Data set]. Govblog. ${link}`);
    expect((await answerAt(link)).rows).toEqual(data.months);
  });

  it('has every member, unit and column that the page names', () => {
    const members = [...page.matchAll(/govblog((?:\.\w+)+)/g)].map(([, path]) => path!.slice(1));
    for (const path of members.filter((member) => !member.endsWith('.map') && member !== 'json')) {
      const value = path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], data);
      expect([path, value === undefined]).toEqual([path, false]);
    }
    expect(members.length).toBeGreaterThan(10);
    const channels = [...page.matchAll(/\b(?:x|y|fill): '(\w+)'/g)].map(([, column]) => column!);
    const columns = [...page.matchAll(/columns: \[([^\]]*)\]/g)].flatMap(([, list]) => list!.split(', ').map((name) => name.slice(1, -1)));
    expect([channels.length, columns.length]).toEqual([5, 5]);
    const known = [data.months[0]!, data.regions[0]!].flatMap((row) => Object.keys(row));
    expect([...channels, ...columns].filter((column) => !known.includes(column))).toEqual([]);
  });

  it('ends with what the server says when it refuses', async () => {
    const broken = await serveDemo('empty');
    try {
      const loader = join(FOLDER, 'src', 'data', 'govblog.json.js');
      await inFolder((folder) => expect(output(process.execPath, [loader], folder, broken.origin)).rejects.toThrow(/published/));
    } finally {
      await broken.close();
    }
  });
});
