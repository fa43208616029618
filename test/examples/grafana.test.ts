import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import type { Cell } from '../../src/export/flat';
import { activity } from '../../src/model/activity';
import { projectPath } from '../../src/paths';
import { serveDemo, type DemoServer } from '../browser/demoServer';
import { DASHBOARD, type InfinityRequest, type Panel } from './dashboardShape';
import { answerAt, publishedAt, type Row } from './reading';

const dashboard = DASHBOARD.parse(JSON.parse(readFileSync(projectPath('examples', 'grafana', 'dashboard.json'), 'utf8')));
const variables = dashboard.templating.list;
const dataPanels = dashboard.panels.filter((panel): panel is Exclude<Panel, { type: 'text' }> => panel.type !== 'text');

/** Values of the custom variable: `Agencies : AGENCY, Officials : OFFICIAL`. */
const typesOffered = variables
  .flatMap((variable) => (variable.type === 'custom' ? variable.query.split(', ') : []))
  .map((pair) => pair.split(' : ')[1]!);

let server: DemoServer;
beforeAll(async () => {
  server = await serveDemo('published');
});
afterAll(() => server.close());

/** Puts values for variables as Grafana does: `${name}`, `${name:csv}` and `${__from:date:YYYY-MM-DD}`. */
function fill(text: string, values: Readonly<Record<string, string | readonly string[]>>): string {
  return text.replace(/\$\{(\w+)(?::([^}]*))?\}/g, (whole, name: string, format: string | undefined) => {
    if (name === '__from' || name === '__to') {
      expect(format).toBe('date:YYYY-MM-DD');
      return dashboard.time[name === '__from' ? 'from' : 'to'].slice(0, 10);
    }
    const value = values[name];
    if (value === undefined) throw new Error(`${whole} is no variable of the dashboard`);
    if (typeof value === 'string') return value;
    expect([whole, format]).toEqual([whole, 'csv']);
    return value.join(',');
  });
}

/** A member of nested objects by a dotted path, as the backend parser selects it. */
const at = (value: unknown, path: string): unknown =>
  path === '' ? value : path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);

/** Rows as Infinity would make them: columns that the answer lacks are an error. */
async function rowsOf({ type, url, root_selector, columns }: Omit<InfinityRequest, 'refId'>, values: Parameters<typeof fill>[1]) {
  const reply = await fetch(fill(url, values));
  const text = await reply.text();
  if (reply.status !== 200) throw new Error(`${reply.status} ${text}`);
  const source: Row[] = type === 'csv' ? parse(text, { columns: true }) : [at(JSON.parse(text), root_selector) as Row];
  return source.map((row) =>
    Object.fromEntries(
      columns.map(({ selector, text: name, type: kind }) => {
        const cell = type === 'csv' ? row[selector] : at(row, selector);
        if (cell === undefined) throw new Error(`there is no ${selector} in ${JSON.stringify(row)}`);
        if (kind === 'number' && Number.isNaN(Number(cell))) throw new Error(`${selector} is no number but ${JSON.stringify(cell)}`);
        if (kind === 'timestamp') expect(cell).toMatch(/^\d{4}-\d\d-\d\d$/);
        return [name, cell as Cell];
      }),
    ),
  );
}

/** Values of all variables when the dashboard is opened: each is asked for in the order of the list. */
async function opened(choice: { region?: string[]; accountType?: string[] } = {}) {
  const values: Record<string, string | string[]> = {};
  for (const variable of variables) {
    if (variable.type === 'datasource') continue;
    if (variable.type === 'textbox') values[variable.name] = server.origin;
    else if (variable.type === 'custom') values[variable.name] = choice.accountType ?? typesOffered;
    else {
      const rows = await rowsOf(variable.query.infinityQuery, values);
      expect(rows.length).toBeGreaterThan(0);
      if (variable.multi) values[variable.name] = choice.region ?? rows.map((row) => String(row['__value']));
      else values[variable.name] = String(Object.values(rows[0]!)[0]);
    }
  }
  return values;
}

test('the account types on offer are those of the model', () => {
  expect(typesOffered).toEqual(['AGENCY', 'OFFICIAL', 'MEDIA', 'ENTERPRISE', 'ORGANISATION', 'OTHER', 'UNKNOWN']);
});

test('panels have ids of their own and do not overlap', () => {
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  const cells = dashboard.panels.flatMap(({ title, gridPos: { x, y, w, h } }) => {
    expect([title, x + w <= 24]).toEqual([title, true]);
    return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
  });
  expect(new Set(cells).size).toBe(cells.length);
});

test('every number has the unit of the model, under the name its column has', () => {
  let numbers = 0;
  for (const { title, targets, fieldConfig } of dataPanels)
    for (const { columns } of targets) {
      for (const { matcher } of fieldConfig.overrides) expect(columns.map(({ text }) => text)).toContain(matcher.options);
      for (const { selector, text, type } of columns) {
        if (type !== 'number') continue;
        numbers += 1;
        const own = fieldConfig.overrides.find(({ matcher }) => matcher.options === text)?.properties[0]?.value;
        const { unit } = activity.measures[selector as keyof typeof activity.measures];
        expect([title, text, own ?? fieldConfig.defaults.unit]).toEqual([title, text, `suffix: ${unit}`]);
      }
    }
  expect(numbers).toBe(9);
});

test.each(dataPanels.map((panel) => [panel.title, panel] as const))('%s: its URLs answer with its columns', async (_title, panel) => {
  const values = await opened();
  for (const target of panel.targets) expect((await rowsOf(target, values)).length).toBeGreaterThan(0);
});

const panelNamed = (title: string) => dataPanels.find((panel) => panel.title === title)!.targets[0]!;

test('what the panels show is what is asked directly', async () => {
  const values = await opened();
  const { snapshot } = await publishedAt(server.origin);
  expect(await rowsOf(panelNamed('Watermark'), values)).toEqual([{ watermark: snapshot.to }]);
  const whole = `from=${snapshot.from}&to=${snapshot.to}`;
  const months = parse(await (await fetch(`${server.origin}/activity.csv?fields=month,accounts,activeAccounts&${whole}`)).text());
  expect((await rowsOf(panelNamed('Accounts by month'), values)).map((row) => Object.values(row))).toEqual(months.slice(1));
  expect(await rowsOf(panelNamed('Accounts at the end of the period'), values)).toEqual([{ accounts: months.at(-1)![1] }]);
});

test('regions and account types are chosen one by one', async () => {
  const values = await opened({ region: ['44'], accountType: ['OFFICIAL'] });
  const [row, ...others] = await rowsOf(panelNamed('Provinces'), values);
  expect(others).toEqual([]);
  expect(row).toMatchObject({ code: '44', region: 'Guangdong' });
  const { from, to } = (await publishedAt(server.origin)).snapshot;
  const direct = `${server.origin}/activity.json?fields=accounts,posts&from=${from}&to=${to}&region=44&accountType=OFFICIAL`;
  const [{ accounts, posts }] = (await answerAt(direct)).rows as [Row];
  expect([Number(row!['accounts']), Number(row!['posts'])]).toEqual([accounts, posts]);
});

test('the text names the snapshot, and its link answers the table', async () => {
  const values = await opened();
  const content = fill(dashboard.panels.flatMap((panel) => (panel.type === 'text' ? [panel.options.content] : [])).join('\n'), values);
  expect(content).toContain(`snapshot **${values['snapshot'] as string}**`);
  const links = [...content.matchAll(/\]\(([^)]*)\)/g)].map(([, url]) => url!);
  expect(links).toHaveLength(2);
  for (const link of links) expect([link, (await fetch(link)).status]).toEqual([link, 200]);
  const [{ queryId, resultHash }] = (await rowsOf(panelNamed('Provenance of the table of provinces'), values)) as [Row];
  expect(await answerAt(links[0]!)).toMatchObject({ queryId, resultHash });
});

test('a column or a path that is not there would be seen', async () => {
  const values = await opened();
  const provinces = panelNamed('Provinces');
  const column = { selector: 'postz', text: 'posts', type: 'number' } as const;
  await expect(rowsOf({ ...provinces, columns: [column] }, values)).rejects.toThrow('there is no postz');
  await expect(rowsOf({ ...provinces, url: provinces.url.replace('posts', 'postz') }, values)).rejects.toThrow(/^400 .*Did you mean/);
  expect(DASHBOARD.safeParse({ ...dashboard, timezon: 'utc' }).success).toBe(false);
});
