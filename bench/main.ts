import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropDatabase } from './bareMysql';
import { figureTable, machine, memoryTable, type SectionResult } from './figures';
import { readOptions, USAGE, type Options } from './options';
import { runSection, SECTIONS, stopSection } from './sections';

/** Runs every section and prints what it found. Only a failed check is a failure: slowness is a result. */
async function main(options: Options): Promise<boolean> {
  let interrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      interrupted = true;
      stopSection();
    });
  const began = Date.now();
  console.log(`Before: ${machine()}\n`);
  const results: [string, SectionResult][] = [];
  let sound = true;
  for (const section of SECTIONS.filter((name) => options.only.some((begin) => name.startsWith(begin)))) {
    if (interrupted) return false;
    console.error(`${section} …`);
    const report = await runSection(section, options);
    if ('result' in report) results.push([section, report.result]);
    else {
      sound = false;
      console.error(`${section} failed: ${report.error}`);
    }
  }
  console.log(figureTable(results));
  console.log(memoryTable(results));
  console.log(
    `\nAfter: ${machine()}; ${Math.round((Date.now() - began) / 1000)} s. Times belong to this machine at this moment: compare ratios.`,
  );
  return sound;
}

async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'govblog-bench-'));
  try {
    const options = readOptions(process.argv.slice(2), folder);
    if (options === null) return console.log(USAGE);
    try {
      if (!(await main(options))) process.exitCode = 1;
    } finally {
      if (options.mysqlUrl !== '') await dropDatabase(options.mysqlUrl, process.pid);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
