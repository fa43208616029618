import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DATASET } from '../../src/export/dataset';
import { projectPath } from '../../src/paths';
import { serveDemo, type DemoServer } from '../browser/demoServer';
import { inFolder, output, pngSize, programFor } from './programs';
import { answerAt, publishedAt } from './reading';

const CELL_ID = z.string().regex(/^[\w-]{1,64}$/);

/** What format 4.5 of notebooks asks for, as far as ours goes; committed without outputs. */
const NOTEBOOK = z.strictObject({
  nbformat: z.literal(4),
  nbformat_minor: z.literal(5),
  metadata: z.object({ kernelspec: z.object({ name: z.string(), display_name: z.string() }) }),
  cells: z.array(
    z.discriminatedUnion('cell_type', [
      z.strictObject({ cell_type: z.literal('markdown'), id: CELL_ID, metadata: z.object({}), source: z.array(z.string()) }),
      z.strictObject({
        cell_type: z.literal('code'),
        id: CELL_ID,
        metadata: z.object({}),
        source: z.array(z.string()),
        execution_count: z.null(),
        outputs: z.array(z.never()),
      }),
    ]),
  ),
});

const notebook = NOTEBOOK.parse(JSON.parse(readFileSync(projectPath('examples', 'python', 'govblog.ipynb'), 'utf8')));

test('the cells have ids of their own', () => {
  const ids = notebook.cells.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

const codeCells = notebook.cells.flatMap(({ cell_type, source }) => (cell_type === 'code' ? [source.join('')] : []));

const PROBE = ['-c', 'import pandas, matplotlib'];
// A Python from elsewhere may come first in the path, and Debian's packages are those of /usr/bin/python3.
const python = programFor('The Python notebook', 'python3-pandas python3-matplotlib', [
  { program: 'python3', args: PROBE },
  { program: '/usr/bin/python3', args: PROBE },
]);

python.describe('the notebook, run cell by cell', () => {
  let server: DemoServer;
  beforeAll(async () => {
    server = await serveDemo('published');
  });
  afterAll(() => server.close());

  /** Our last cell: what the ones before have made, as JSON. */
  const REPORT = `
print("REPORT" + json.dumps({
    "snapshot": snapshot, "period": period, "link": permalink, "units": [left.get_ylabel(), right.get_xlabel()], "title": figure._suptitle.get_text(),
    "growth": json.loads(growth.assign(month=growth["month"].dt.strftime("%Y-%m-%d")).to_json(orient="records")),
    "estimates": estimates.to_dict(orient="records"),
    "drawn": left.get_lines()[0].get_ydata().tolist(),
}))`;

  it('fetches, plots and cites what the server answers', async () => {
    const { printed, png } = await inFolder(async (folder) => {
      writeFileSync(join(folder, 'cells.py'), [...codeCells, REPORT].join('\n\n'));
      const printed = await output(python.program, ['cells.py'], folder, `${server.origin}/`);
      return { printed, png: readFileSync(join(folder, 'govblog.png')) };
    });
    const [text, report] = printed.split('REPORT') as [string, string];
    const made = JSON.parse(report);

    const { id, from, to } = (await publishedAt(server.origin)).snapshot;
    expect([made.snapshot, made.period]).toEqual([id, { from, to }]);
    const growth = (await answerAt(`${server.origin}/activity.json?fields=month,accounts,activeAccounts&from=${from}&to=${to}`)).rows;
    expect(growth.length).toBeGreaterThan(20);
    expect(made.growth).toEqual(growth);
    expect(made.drawn).toEqual(growth.map(({ accounts }) => accounts));

    expect(made.link).toMatch(new RegExp(`^${server.origin}/activity\\.json\\?`));
    const cited = await answerAt(made.link);
    expect(cited.snapshot).toBe(id);
    const estimate = 'estimate.95.commentsPerPost';
    expect(made.estimates).toEqual(
      cited.rows.map((row) => ({
        region: row['regionName'],
        posts: row['posts'],
        value: row[estimate],
        lower: row[`${estimate}.lower`],
        upper: row[`${estimate}.upper`],
        n: row[`${estimate}.n`],
        method: row[`${estimate}.method`],
      })),
    );
    expect(made.estimates).toHaveLength(15);

    expect(made.units).toEqual(['accounts', 'comments per post']);
    expect(made.title).toBe(`${from} to ${to}, snapshot ${id}\n${DATASET.syntheticNote}`);
    const { width, height } = pngSize(png);
    expect([width > 1000, height > 400, png.length > 20_000]).toEqual([true, true, true]);
    for (const part of [
      DATASET.syntheticNote,
      `[Data set]. Govblog. ${made.link}`,
      `url = {${made.link}}`,
      cited.queryId,
      cited.resultHash,
    ])
      expect(text).toContain(part);
  });

  it('says what the server refused', async () => {
    const printed = await inFolder((folder) =>
      output(
        python.program,
        ['-c', `${codeCells[0]}\ntry:\n    ask("{ activity { rows { postz } } }")\nexcept ValueError as error:\n    print(error)`],
        folder,
        server.origin,
      ),
    );
    expect(printed).toContain('Did you mean');
  });
});
