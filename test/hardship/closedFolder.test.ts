import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGovblog } from './processes';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

describe('a data folder that is closed to whoever starts', () => {
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'govblog-test-'));
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  test.each([
    ['cannot be made', false],
    ['has files that may not even be read', true],
  ])('and that %s: not a wrong setting, but what to do about it', async (_, isThere) => {
    const dataDir = join(parent, 'data');
    if (isThere) {
      mkdirSync(dataDir);
      writeFileSync(join(dataDir, 'govblog.sqlite'), '', { mode: 0 });
      chmodSync(dataDir, 0o555);
    }
    chmodSync(parent, 0o555);
    const { code, out, err } = await startGovblog({ dataDir, databaseUrl: '' }, ['status'], isRoot ? { uid: NOBODY } : {}).ended;
    chmodSync(parent, 0o755);
    if (isThere) chmodSync(dataDir, 0o755);
    if (/Cannot find module/.test(err)) {
      process.stderr.write('Skipped: another user than root cannot read the project here.\n');
      return;
    }
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/(permission denied|unable to open (database|connection))[^]*This user may not write there/i);
    expect(err).toContain(dataDir);
    expect(err).not.toMatch(/^\s+at /m);
  });
});
