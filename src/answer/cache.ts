import { LRUCache } from 'lru-cache';

/** What was computed once and may be asked for again: neither a question nor its snapshot ever changes. */
export interface AnswerCache {
  /**
   * The result that is kept under the key, or that of the work. Whoever asks while the work is under way waits for it, so the
   * same question asked by many at once runs once. A failure is not kept.
   */
  once<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** How many results were there, or under way, when they were asked for, and how many were not. */
  counts(): { readonly hits: number; readonly misses: number };
  /** Bytes that the kept results take, as `sizeOf` reckons them. */
  bytes(): number;
}

/** Opens a cache that keeps so many megabytes, the least recently asked leaving first; of 0, it keeps nothing that is finished. */
export function openCache(megabytes: number): AnswerCache {
  const kept = megabytes === 0 ? null : new LRUCache<string, { readonly result: unknown }>({ maxSize: megabytes * 1_048_576 });
  let [hits, misses] = [0, 0];
  const underWay = new Map<string, Promise<unknown>>();
  return {
    counts: () => ({ hits, misses }),
    bytes: () => kept?.calculatedSize ?? 0,
    once: async <T>(key: string, work: () => Promise<T>): Promise<T> => {
      const known = kept?.get(key);
      let running = underWay.get(key) as Promise<T> | undefined;
      if (known || running) hits += 1;
      else misses += 1;
      if (known) return known.result as T;
      if (!running) {
        running = work()
          .then((result) => {
            kept?.set(key, { result }, { size: ENTRY_BYTES + sizeOf(key) + sizeOf(result) });
            return result;
          })
          .finally(() => underWay.delete(key));
        underWay.set(key, running);
      }
      return running;
    },
  };
}

/** What a kept result costs beside itself: its place in the map and in the lists of the cache. */
const ENTRY_BYTES = 200;
const WORD = 8;

/**
 * Bytes of a value on the heap of a 64-bit V8: a word for each field and element and some to head them, whole numbers of
 * 31 bits in the field itself and others beside it, texts with one byte a character where Latin letters suffice, else with two.
 */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 2 * WORD + roundUp(isLatin(value) ? value.length : 2 * value.length);
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 0 : 2 * WORD;
  if (typeof value !== 'object' || value === null) return 0;
  const parts = Object.values(value);
  const own = Array.isArray(value) ? 4 * WORD + WORD * parts.length : 7 * WORD + WORD * Math.max(4, parts.length + 2);
  return parts.reduce<number>((sum, part) => sum + sizeOf(part), own);
}

const roundUp = (bytes: number): number => WORD * Math.ceil(bytes / WORD);
// eslint-disable-next-line no-control-regex
const isLatin = (text: string): boolean => /^[\u0000-\u00ff]*$/.test(text);
