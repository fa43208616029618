import type { Instant } from '../../model/time';
import { sizeOf, type Meter } from '../files';
import { concatenate, type Reading } from '../reading';
import type { InteractionRecord } from '../records';
import { readCount, readId, readText, readTime, ValueError } from '../values';
import { canonicalFiles, canonicalRows, type Canonical, type CanonicalCell } from './canonical';

/** The canonical columns of comments, replies and reposts with their words. */
export const INTERACTION_COLUMNS = [
  'platform', 'interaction_id', 'form', 'post_id', 'account_id', 'parent_id', 'by_account_id', 'citizen_id', 'citizen_hash', 'created_at', 'text', 'likes',
] as const; // prettier-ignore
const INTERACTIONS: Canonical = {
  what: 'interactions',
  columns: INTERACTION_COLUMNS,
  needed: ['platform', 'interaction_id', 'post_id', 'created_at'],
};
const WRITERS = ['by_account_id', 'citizen_id', 'citizen_hash'] as const;
const FORMS = ['COMMENT', 'REPOST'] as const;

/**
 * Comments, replies and reposts in the canonical columns, as CSV or JSON Lines. The writer of each is an account
 * (`by_account_id`), a platform id, which is hashed before it is stored (`citizen_id`), or a hash (`citizen_hash`): exactly
 * one of the three. Relative times are counted from `observedAt`.
 */
export async function interactionsFile(
  pattern: string,
  zones: ReadonlyMap<string, string>,
  observedAt: Instant | null = null,
): Promise<Reading> {
  const files = await canonicalFiles(pattern, INTERACTIONS);
  const meter: Meter = { total: sizeOf(files), done: 0 };
  return {
    format: 'interactions',
    source: pattern,
    files,
    skipped: [],
    meter,
    rows: () => concatenate(files, (file) => canonicalRows(file, INTERACTIONS, meter, (cell) => [interaction(cell, zones, observedAt)])),
  };
}

function interaction(cell: CanonicalCell, zones: ReadonlyMap<string, string>, observedAt: Instant | null): InteractionRecord {
  const text = (name: (typeof INTERACTION_COLUMNS)[number]): string | null => readText(cell(name));
  const platform = readId('platform', cell('platform'));
  const writers = WRITERS.filter((name) => text(name) !== null);
  if (writers.length !== 1)
    throw new ValueError(
      writers[1] ?? 'citizen_id',
      `An interaction has one writer: fill exactly one of ${WRITERS.join(', ')}${writers.length > 1 ? `, not ${writers.join(' and ')}` : ''}.`,
    );
  return {
    kind: 'interaction',
    platform,
    interactionId: readId('interaction_id', cell('interaction_id')),
    form: formOf(text('form')),
    postId: readId('post_id', cell('post_id')),
    accountId: text('account_id'),
    parentId: text('parent_id'),
    writerId: text('citizen_id'),
    byAccountId: text('by_account_id'),
    citizenHash: hashOf(text('citizen_hash')),
    createdAt: readTime('created_at', cell('created_at'), zones.get(platform) ?? 'UTC', undefined, observedAt ?? undefined),
    text: cell('text') ?? '',
    likes: readCount('likes', cell('likes')),
  };
}

function formOf(text: string | null): 'COMMENT' | 'REPOST' {
  const form = FORMS.find((one) => one === (text?.toUpperCase() ?? 'COMMENT'));
  if (form === undefined) throw new ValueError('form', `"${text}" is neither COMMENT nor REPOST.`);
  return form;
}

/** A plain id among the hashes would be stored as it is. */
function hashOf(text: string | null): string | null {
  if (text === null || /^[0-9a-f]{32,64}$/i.test(text)) return text?.toLowerCase() ?? null;
  throw new ValueError('citizen_hash', 'This is not a hash of 32 to 64 hexadecimal digits; ids that are not hashed belong in citizen_id.');
}
