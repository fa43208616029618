import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A program with the arguments that show whether it can do what a test needs. */
export interface Probe {
  readonly program: string;
  readonly args: readonly string[];
}

const works = ({ program, args }: Probe): boolean => {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** The first program that works. Without any, a test of it fails in CI, which promises one, and is skipped with a message elsewhere. */
export function programFor(what: string, packages: string, probes: readonly Probe[]): { describe: jest.Describe; program: string } {
  const found = probes.find(works);
  if (!found && !process.env['CI'])
    process.stderr.write(`${what} is not tested: none of ${probes.map(({ program }) => program).join(', ')} runs it. To test it: apt-get install ${packages}\n`); // prettier-ignore
  return { describe: found || process.env['CI'] ? describe : describe.skip, program: (found ?? probes[0]!).program };
}

/** A folder that is there while `use` runs. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'govblog-example-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the program prints. It is asked with the address of Govblog, and with nothing else of ours but the path. */
export async function output(program: string, args: readonly string[], folder: string, govblog: string): Promise<string> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, LANG: 'C.UTF-8', GOVBLOG_URL: govblog, MPLBACKEND: 'Agg', MPLCONFIGDIR: folder };
  return (await promisify(execFile)(program, args, { cwd: folder, env, timeout: 50_000, maxBuffer: 2 ** 24 })).stdout;
}

/** Width and height in pixels that a PNG file states, or an error when it is none. */
export function pngSize(bytes: Buffer): { width: number; height: number } {
  if (bytes.subarray(1, 4).toString('latin1') !== 'PNG' || bytes.subarray(12, 16).toString('latin1') !== 'IHDR') throw new Error('no PNG');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
