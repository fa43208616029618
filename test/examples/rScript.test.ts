import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '../../src/paths';
import { serveDemo, type DemoServer } from '../browser/demoServer';
import { inFolder, output, pngSize, programFor } from './programs';
import { answerAt, publishedAt, type Row } from './reading';

const SCRIPT = projectPath('examples', 'r', 'govblog.R');
const table = (csv: string): string[][] => parse(csv);
const r = programFor('The R script', 'r-base-core', [{ program: 'Rscript', args: ['--version'] }]);

r.describe('the R script', () => {
  let server: DemoServer;
  beforeAll(async () => {
    server = await serveDemo('published');
  });
  afterAll(() => server.close());

  /** The tables as R holds them, with all digits, and what was written on the axes. */
  const REPORT = `
options(digits = 17)
write.csv(growth, "growth.csv", row.names = FALSE, na = "")
write.csv(regions, "regions.csv", row.names = FALSE, na = "")
writeLines(c(snapshot, from, to, unit_of("accounts"), unit_of("commentsPerPost"), permalink), "report.txt")`;

  it('fetches, plots and cites what the server answers', async () => {
    const made = await inFolder(async (folder) => {
      const printed = await output('Rscript', ['-e', `source(${JSON.stringify(SCRIPT)}, echo = FALSE)${REPORT}`], folder, server.origin);
      const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
      return {
        printed,
        growth: table(text('growth.csv')),
        regions: table(text('regions.csv')),
        report: text('report.txt').trim().split('\n'),
        png: readFileSync(join(folder, 'govblog.png')),
      };
    });
    const { snapshot, title } = await publishedAt(server.origin);
    const { id, from, to } = snapshot;
    const [, , , , , permalink] = made.report as [string, string, string, string, string, string];
    expect(made.report.slice(0, 5)).toEqual([id, from, to, 'accounts', 'comments per post']);

    const cells = (rows: readonly Row[]): string[][] => [
      Object.keys(rows[0]!),
      ...rows.map((row) => Object.values(row).map((value) => (value === null ? '' : String(value)))),
    ];
    const growth = (await answerAt(`${server.origin}/activity.json?fields=month,accounts,activeAccounts&from=${from}&to=${to}`)).rows;
    expect(growth.length).toBeGreaterThan(20);
    expect(made.growth).toEqual(cells(growth));

    const cited = await answerAt(permalink);
    expect([cited.snapshot, cited.rows.length]).toEqual([id, 15]);
    // R writes 15 significant digits at most.
    const rounded = (rows: string[][]): string[][] =>
      rows.map((row) => row.map((cell) => (/^-?\d+\.\d+$/.test(cell) ? String(Number(Number(cell).toPrecision(12))) : cell)));
    expect(rounded(made.regions)).toEqual(rounded(cells(cited.rows)));

    const { width, height } = pngSize(made.png);
    expect([width, height, made.png.length > 10_000]).toEqual([1200, 560, true]);
    // The text form is wrapped; BibTeX is not.
    for (const part of [`title = {${title}}`, `url = {${permalink}}`, cited.queryId, cited.resultHash, `snapshot ${id}`])
      expect(made.printed).toContain(part);
  });

  it('ends with an error when the server is not there', async () => {
    await inFolder((folder) => expect(output('Rscript', [SCRIPT], folder, 'http://127.0.0.1:9')).rejects.toThrow(/cannot open/));
  });
});
