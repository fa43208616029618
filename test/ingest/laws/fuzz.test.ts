import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { GovblogError } from '../../../src/errors';
import { judge, type Rules } from '../../../src/ingest/judge';
import type { Reading } from '../../../src/ingest/reading';
import { readRules } from '../../../src/ingest/rules';
import { heldBytes } from '../../heap';
import { openLawfulStore, PRESENT, wrongBooks, type LawfulStore } from './lawfulStore';
import { diceOf, mutated, type Dice } from './mutations';
import { open } from './reading';
import { crawlerSamples, otherSamples, type Sample } from './samples';

// FUZZ_FILES and FUZZ_SEED make a heavier run, or repeat one.
const FILES = Number(process.env['FUZZ_FILES'] ?? 10_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_115);
/** Every so many-th file is also loaded. */
const LOADED = 10;
const FAILURES_SHOWN = 300;
const HANG_MS = 5_000;
/** What 10,000 files may leave in the heap: caches of compiled code and the like, far less than the files themselves (25 MB). */
const HEAP_GROWTH = 12_000_000;

const SAMPLES: readonly Sample[] = [...crawlerSamples(), ...otherSamples()];
const AT = Date.parse('2025-12-15T04:00:00Z');

const openDescriptors = (): number => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0);

interface Outcome {
  readonly rows: number;
  readonly refused: boolean;
}

/** Reads and judges a file to its end. A sentence is an answer; any other exception is none. */
async function readThrough(reading: Promise<Reading>, rules: Rules): Promise<Outcome> {
  let rows = 0;
  try {
    for await (const row of (await reading).rows()) {
      rows += 1;
      if ('reject' in row) expect([typeof row.reject.raw, row.reject.reason.length > 10]).toEqual(['string', true]);
      else for (const record of [row.record, ...(row.also ?? [])]) judge(record, rules);
    }
    return { rows, refused: false };
  } catch (error) {
    if (error instanceof GovblogError && /\w+ \w+/.test(error.message)) return { rows, refused: true };
    throw error;
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const ended = new AbortController();
  const late = wait(HANG_MS, undefined, { signal: ended.signal }).then(
    () => {
      throw new Error(`not done after ${HANG_MS} ms`);
    },
    () => new Promise<never>(() => undefined),
  );
  return Promise.race([work, late]).finally(() => ended.abort());
}

describe(`${FILES} files with something wrong in them`, () => {
  let lawful: LawfulStore;
  let rules: Rules;
  const folder = mkdtempSync(join(tmpdir(), 'govblog-fuzz-'));
  beforeAll(async () => {
    lawful = await openLawfulStore('sqlite');
    rules = await readRules(lawful.store, PRESENT.now());
  });
  afterAll(async () => {
    await lawful.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Writes the file of a number; a failure names the number, by which it can be made again. */
  const fileOf = (number: number, dice: Dice): { path: string; sample: Sample; at: number | null } => {
    const sample = SAMPLES[number % SAMPLES.length]!;
    const path = join(folder, basename(sample.name));
    writeFileSync(path, mutated(sample.content, dice.of(SAMPLES).content, dice));
    return { path, sample, at: dice.below(3) === 0 ? null : AT };
  };

  test('are read to the end, or refused with a sentence: no crash, no hang, no open file, no memory kept', async () => {
    const failures: string[] = [];
    const outcomes = { rows: 0, refused: 0, loaded: 0 };
    let [heap, descriptors] = [0, 0];
    for (let number = 0; number < FILES; number += 1) {
      if (number === Math.floor(FILES / 10)) {
        [heap, descriptors] = [heldBytes(), openDescriptors()];
      }
      const { path, sample, at } = fileOf(number, diceOf(SEED + number));
      try {
        const { rows, refused } = await inTime(readThrough(open(path, sample, at), rules));
        outcomes.rows += rows;
        if (refused) outcomes.refused += 1;
        else if (number % LOADED === 0) {
          const summary = await inTime(lawful.load(await open(path, sample, at)));
          expect(summary.rowsRead).toBe(rows);
          const again = await inTime(lawful.load(await open(path, sample, at)));
          expect(again).toMatchObject({ rowsRead: rows, accepted: 0, updated: 0, rejected: summary.rejected });
          outcomes.loaded += 1;
        }
      } catch (error) {
        failures.push(`file ${number} of seed ${SEED}, ${sample.name}: ${error instanceof Error ? error.stack : String(error)}`);
      } finally {
        rmSync(path);
      }
    }
    expect(failures.slice(0, FAILURES_SHOWN)).toEqual([]);
    expect(heldBytes() - heap).toBeLessThan(HEAP_GROWTH);
    expect(openDescriptors() - descriptors).toBeLessThanOrEqual(2);
    expect(await wrongBooks(lawful.store)).toEqual([]);
    // They were neither all refused nor all read as if nothing were wrong.
    expect(outcomes.rows).toBeGreaterThan(FILES);
    expect(outcomes.refused).toBeGreaterThan(FILES / 50);
    expect(outcomes.loaded).toBeGreaterThan(FILES / (4 * LOADED));
  }, 300_000); // prettier-ignore
});
