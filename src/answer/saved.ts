import type { Clock } from '../clock';
import { GovblogError } from '../errors';
import { fromPermalink } from '../query/permalink';
import { canonical, type Question } from '../query/question';
import type { Store } from '../store/store';
import { findSavedQuery, keepQuery, listSavedQueries, savedQueryById, type SavedQuery } from '../warehouse/savedQueries';
import { answer, type Answer } from './answer';
import type { AnswerCache } from './cache';
import type { Reader } from './reader';

/** What is to be saved. */
export interface SaveRequest {
  /** The address that provenance gives, or any plain URL. Without a snapshot it is pinned to the newest. */
  readonly permalink: string;
  readonly title?: string | null | undefined;
  /** Who saves it: a name or a label. */
  readonly by?: string | null | undefined;
}

/** What running a saved question again has shown. */
export interface Verification {
  readonly verified: boolean;
  /** sha256 of the rows as they are now. */
  readonly resultHash: string;
}

/** Questions that are saved to be cited. */
export interface SavedQueries {
  /** Runs the question, and keeps it with the hash of its rows. The same question on the same snapshot is saved once. */
  save(request: SaveRequest): Promise<SavedQuery>;
  /** The one with this id; NOT_FOUND when there is none. */
  find(id: string): Promise<SavedQuery>;
  /** All of them, newest first. */
  list(): Promise<SavedQuery[]>;
  /** Its answer from its snapshot, under the id it was saved by. */
  answer(saved: SavedQuery): Promise<Answer>;
  /** Runs it again, past everything that is kept in memory, and compares the hash of the rows. */
  verify(saved: SavedQuery): Promise<Verification>;
}

const MOST_CHARACTERS = { title: 200, by: 80 } as const;

export function openSavedQueries(store: Store, reader: Reader, cache: AnswerCache | null, clock: Clock): SavedQueries {
  const askAgain = async ({ question, snapshot }: SavedQuery, kept: AnswerCache | null): Promise<Answer> =>
    answer(question, await reader.open(snapshot), reader, kept);
  return {
    save: async ({ permalink, title, by }) => {
      const words = { title: checked('title', title), by: checked('by', by) };
      const { question, snapshot } = fromPermalink(permalink);
      const asked = answer(question, await reader.open(snapshot), reader, cache);
      const known = await findSavedQuery(store, asked.queryId);
      if (known) return known;
      return keepQuery(store, {
        id: asked.queryId,
        snapshot: asked.open.snapshot.id,
        question: JSON.parse(canonical(question, asked.cube)) as Question,
        resultHash: await asked.resultHash(),
        title: words.title,
        savedBy: words.by,
        savedAt: clock.now(),
      });
    },
    find: (id) => savedQueryById(store, id),
    list: () => listSavedQueries(store),
    // A later program may write questions in another canonical form; what is cited keeps its id.
    answer: async (saved) => ({ ...(await askAgain(saved, cache)), queryId: saved.id }),
    verify: async (saved) => {
      const resultHash = await (await askAgain(saved, null)).resultHash();
      return { verified: resultHash === saved.resultHash, resultHash };
    },
  };
}

/** A line of text without control characters, or null when nothing is said. */
function checked(what: keyof typeof MOST_CHARACTERS, text: string | null | undefined): string | null {
  const line = (text ?? '').trim();
  if (line === '') return null;
  const most = MOST_CHARACTERS[what];
  if (/\p{Cc}/u.test(line)) throw new GovblogError('BAD_QUERY', `"${what}" is one line of text, without control characters.`);
  if (line.length > most) throw new GovblogError('BAD_QUERY', `"${what}" has ${line.length} characters; it takes ${most} at most.`);
  return line;
}
