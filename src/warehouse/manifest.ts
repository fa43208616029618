import { z } from 'zod';
import { GovblogError } from '../errors';
import { isDay } from '../model/time';
import { isRollup } from '../query/rollups';
import { notesFromJson, type AuditNote } from './auditLog';
import { contentHashOf, type Snapshot, type SnapshotFile } from './snapshots';

/** Name of the document by which an archive can be imported. */
export const MANIFEST = 'snapshot.json';

/** A snapshot as its archive says it: without the rollups, of which only the names are told, since they are part of its hash. */
export interface Manifest {
  readonly snapshot: Snapshot;
  readonly notes: readonly AuditNote[];
  /** Its rollups, with no rows and no bytes. */
  readonly leftOut: readonly SnapshotFile[];
}

/** The manifest as text: everything of the snapshot that its files do not hold; `leftOut` are rollups of it that are not here. */
export function manifestText({ files, publishedAt, ...snapshot }: Snapshot, { notes, leftOut }: Omit<Manifest, 'snapshot'>): string {
  const listed = ({ table, uri, rows, bytes, sha256, from, to }: SnapshotFile): object => ({ table, uri, rows, bytes, sha256, from, to });
  const rollups = [...files.filter(isRollup), ...leftOut].sort((a, b) => (a.uri < b.uri ? -1 : 1));
  const { id, contentHash, from, watermark, synthetic } = snapshot;
  const document = {
    format: 'govblog snapshot',
    version: 1,
    id,
    publishedAt: publishedAt.toISOString(),
    contentHash,
    from,
    watermark,
    synthetic,
    notes,
    files: files.filter((file) => !isRollup(file)).map(listed),
    rollups: rollups.map(({ table, uri, sha256, from, to }) => ({ table, uri, sha256, from, to })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const day = z.string().refine(isDay);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const uri = z.string().max(200).regex(/^[a-z][\w-]*(\/[\w-]+)+\/[0-9a-f]{32}\.parquet$/); // prettier-ignore
const count = z.number().int().nonnegative();
const named = { table: z.string().regex(/^\w{1,40}$/), uri, sha256, from: day.nullable(), to: day.nullable() };
const DOCUMENT = z.object({
  format: z.literal('govblog snapshot'),
  version: z.literal(1),
  id: z.string().regex(/^[\w-]{1,40}$/),
  publishedAt: z.iso.datetime(),
  contentHash: sha256,
  from: day,
  watermark: day,
  synthetic: z.boolean(),
  notes: z.array(
    z.object({
      job: z.string(), partition: z.string(), audit: z.string(), severity: z.enum(['block', 'warn']), message: z.string(),
      reason: z.string().nullable(), by: z.string().nullable(), at: z.iso.datetime().nullable(),
    }),
  ), // prettier-ignore
  files: z.array(z.object({ ...named, rows: count, bytes: count })).min(1),
  rollups: z.array(z.object(named)),
});

/**
 * Reads a manifest, and proves that the files it names are those of its content hash. Names that would lead out of the warehouse,
 * or are not those of their content, are refused with BAD_INPUT.
 */
export function manifestFrom(text: string): Manifest {
  const bad = (why: string): GovblogError => new GovblogError('BAD_INPUT', `${MANIFEST} of the archive cannot be taken: ${why}`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw bad('it is no JSON.');
  }
  const parsed = DOCUMENT.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw bad(`${issue!.path.join('.') || 'the document'}: ${issue!.message}.`);
  }
  const { publishedAt, files, rollups, notes, format: _, version: __, ...snapshot } = parsed.data;
  const stray = files.find((file) => isRollup(file) || !file.uri.endsWith(`/${file.sha256.slice(0, 32)}.parquet`));
  if (stray) throw bad(`${stray.uri} is not the name of its content.`);
  const leftOut = rollups.map((file) => ({ ...file, rows: 0, bytes: 0 }));
  if (contentHashOf([...files, ...leftOut]) !== snapshot.contentHash) throw bad('its files are not those of its content hash.');
  return { snapshot: { ...snapshot, publishedAt: new Date(publishedAt), files }, notes: notesFromJson(notes), leftOut };
}
