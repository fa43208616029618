import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Day } from '../model/time';
import type { TextFeatures } from './features';
import type { RuleRows, TextRules } from './rules';

/** Texts and the local day of each. */
export interface DatedTexts {
  readonly texts: readonly string[];
  readonly days: readonly Day[];
}

/** Features of some texts as they travel between threads: all counts in one block of memory, which is handed over, not copied. */
export interface PackedFeatures {
  readonly counts: Uint32Array;
  readonly categories: readonly string[];
}

const COUNTS = [
  'questions', 'mentions', 'links', 'hashtags', 'slang', 'emoticons', 'formal', 'informal', 'tokens',
] as const satisfies readonly (keyof TextFeatures)[]; // prettier-ignore

export function packed(features: readonly TextFeatures[]): PackedFeatures {
  const counts = new Uint32Array(features.length * COUNTS.length);
  features.forEach((one, index) => COUNTS.forEach((name, place) => (counts[index * COUNTS.length + place] = one[name])));
  return { counts, categories: features.map(({ category }) => category) };
}

export const unpacked = ({ counts, categories }: PackedFeatures): TextFeatures[] =>
  categories.map((category, index) => {
    const at = index * COUNTS.length;
    return {
      questions: counts[at]!, mentions: counts[at + 1]!, links: counts[at + 2]!, hashtags: counts[at + 3]!, slang: counts[at + 4]!,
      emoticons: counts[at + 5]!, formal: counts[at + 6]!, informal: counts[at + 7]!, tokens: counts[at + 8]!, category,
    }; // prettier-ignore
  });

const WORKER = join(__dirname, 'featureWorker.js');

interface Waiting {
  readonly resolve: (features: TextFeatures[]) => void;
  readonly reject: (error: Error) => void;
}

/** Memory for short-lived values: a batch of texts leaves little behind, and a load needs some 25 MB less. */
const YOUNG_MB = 12;

/**
 * Makes features of texts in a thread of its own, while this one does something else. The results are those of `featuresOf` by
 * the same rules.
 */
export class FeatureThread {
  private readonly worker: Worker;
  /** Answers come in the order of the questions. */
  private readonly waiting: Waiting[] = [];
  private last: Promise<unknown> = Promise.resolve();
  private failure: Error | null = null;

  /** A thread needs compiled code: null where this runs from its sources, as tests do. The dictionary is read at once (some 350 ms). */
  static open(rules: TextRules, file = WORKER): FeatureThread | null {
    return existsSync(file) ? new FeatureThread(rules.rows, file) : null;
  }

  private constructor(rows: RuleRows, file: string) {
    this.worker = new Worker(file, { workerData: rows, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    this.worker.on('message', (features: PackedFeatures) => this.waiting.shift()!.resolve(unpacked(features)));
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('The thread that makes features of texts has ended.')));
  }

  /** Features of texts in their order. An error when the thread has failed or was closed. */
  featuresOf(texts: DatedTexts): Promise<TextFeatures[]> {
    if (this.failure) return Promise.reject(this.failure);
    const answer = new Promise<TextFeatures[]>((resolve, reject) => this.waiting.push({ resolve, reject }));
    this.worker.postMessage(texts);
    this.last = answer;
    return answer;
  }

  /** Ends the thread, after everything it was asked. */
  async close(): Promise<void> {
    await this.last.catch(() => undefined);
    await this.worker.terminate();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(this.failure);
  }
}
