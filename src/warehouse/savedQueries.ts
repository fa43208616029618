import { GovblogError } from '../errors';
import { fromSqlInstant, toSqlInstant } from '../model/time';
import type { Question } from '../query/question';
import type { Store } from '../store/store';

/** A question on a snapshot, kept to be cited, with the hash that its rows had. */
export interface SavedQuery {
  /** The id of the question on its snapshot. */
  readonly id: string;
  readonly snapshot: string;
  readonly question: Question;
  /** sha256 of the rows when it was saved. */
  readonly resultHash: string;
  readonly title: string | null;
  readonly savedBy: string | null;
  readonly savedAt: Date;
}

interface SavedRow {
  id: string;
  snapshot_id: string;
  question: string;
  result_hash: string;
  title: string | null;
  saved_by: string | null;
  saved_at: string;
}

/** The longest question that can be kept, in bytes of JSON: what a text column of MySQL holds. */
const MOST_QUESTION_BYTES = 65_535;

/**
 * Keeps a question. What is kept stays as it is: who saves the same question on the same snapshot again gets what the first saved.
 */
export async function keepQuery(
  store: Store,
  { id, snapshot, question, resultHash, title, savedBy, savedAt }: SavedQuery,
): Promise<SavedQuery> {
  const json = JSON.stringify(question);
  const bytes = Buffer.byteLength(json);
  if (bytes > MOST_QUESTION_BYTES)
    throw new GovblogError(
      'LIMIT_EXCEEDED',
      `The question has ${bytes} bytes; ${MOST_QUESTION_BYTES} can be saved. Shorten its lists of values.`,
    );
  const columns = ['id', 'snapshot_id', 'question', 'result_hash', 'title', 'saved_by', 'saved_at'];
  const ignore = store.dialect === 'mysql' ? 'ON DUPLICATE KEY UPDATE id = id' : 'ON CONFLICT (id) DO NOTHING';
  await store.write((tx) =>
    tx.run(`INSERT INTO saved_query (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ${ignore}`, [
      id,
      snapshot,
      json,
      resultHash,
      title,
      savedBy,
      toSqlInstant(savedAt.getTime()),
    ]),
  );
  return savedQueryById(store, id);
}

/** The saved question with this id; NOT_FOUND when there is none. */
export async function savedQueryById(store: Store, id: string): Promise<SavedQuery> {
  const found = await findSavedQuery(store, id);
  if (!found)
    throw new GovblogError(
      'NOT_FOUND',
      `There is no saved question "${id}". \`govblog saved list\` names them; \`saveQuery(permalink: …)\` and \`govblog saved add\` save one.`,
    );
  return found;
}

/** The saved question with this id, or null. */
export async function findSavedQuery(store: Store, id: string): Promise<SavedQuery | null> {
  const [row] = await store.query<SavedRow>('SELECT * FROM saved_query WHERE id = ?', [id]);
  return row ? asSaved(row) : null;
}

/** All saved questions, newest first. */
export async function listSavedQueries(store: Store): Promise<SavedQuery[]> {
  return (await store.query<SavedRow>('SELECT * FROM saved_query ORDER BY saved_at DESC, id')).map(asSaved);
}

/**
 * Ids of the snapshots that a saved question cites. Whoever collects old snapshots leaves these and their files alone; the store
 * itself refuses to delete their rows.
 */
export async function citedSnapshots(store: Store): Promise<ReadonlySet<string>> {
  const rows = await store.query<{ id: string }>('SELECT DISTINCT snapshot_id AS id FROM saved_query');
  return new Set(rows.map(({ id }) => id));
}

const asSaved = (row: SavedRow): SavedQuery => ({
  id: row.id,
  snapshot: row.snapshot_id,
  question: JSON.parse(row.question) as Question,
  resultHash: row.result_hash,
  title: row.title,
  savedBy: row.saved_by,
  savedAt: new Date(fromSqlInstant(row.saved_at)),
});
