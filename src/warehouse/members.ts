import type { Indicator, Level, Member, Members, Platform, Region, Sector } from '../model/members';
import { filesAs } from '../query/dialect';
import type { Engine, EngineValue } from './duckdb';
import type { Files } from './files';
import type { Snapshot } from './snapshots';

const LIMITS = { timeoutMs: 60_000 };

/** The paths of a table's files in a snapshot; of a fact table, those that touch the days asked for. */
export function pathsOf(snapshot: Snapshot, files: Files, table: string, from?: string, to?: string): string[] {
  return snapshot.files
    .filter(
      (file) =>
        file.table === table && (from === undefined || to === undefined || file.from === null || (file.from <= to && file.to! >= from)),
    )
    .map(({ uri }) => files.pathOf(uri));
}

/** Reads the small dimension tables of a snapshot. */
export async function readMembers(engine: Engine, snapshot: Snapshot, files: Files): Promise<Members> {
  const read = async <M extends Member>(table: string, extra: (row: Row) => Omit<M, keyof Member>): Promise<ReadonlyMap<string, M>> => {
    const rows = await readTable(engine, snapshot, files, table);
    return new Map(rows.map((row) => [text(row, 'code'), { ...member(row), ...extra(row) } as M]));
  };
  return {
    region: await read<Region>('dim_region', (row) => ({
      kind: text(row, 'kind') as Region['kind'],
      iso: optional(row, 'iso_3166_2'),
      nbsRegion: optional(row, 'nbs_region'),
      geoRegion: optional(row, 'geo_region'),
    })),
    sector: await read<Sector>('dim_sector', (row) => ({ groupCode: optional(row, 'parent_code') ?? text(row, 'code') })),
    level: await read<Level>('dim_level', (row) => ({ cadreRank: text(row, 'cadre_rank'), units: row['units'] as number | null })),
    accountType: await read<Member>('dim_account_type', () => ({})),
    verifiedType: await read<Member>('dim_verified_type', () => ({})),
    contentCategory: await read<Member>('dim_content_category', () => ({})),
    platform: await read<Platform>('dim_platform', (row) => ({
      timeZone: text(row, 'time_zone'),
      likesSince: optional(row, 'likes_since'),
      synthetic: row['synthetic'] === true,
    })),
  };
}

/** Denominators by region and year, with where they come from. */
export async function readIndicators(engine: Engine, snapshot: Snapshot, files: Files): Promise<Indicator[]> {
  return (await readTable(engine, snapshot, files, 'dim_indicator')).map((row) => ({
    regionCode: text(row, 'region_code'),
    indicator: text(row, 'indicator'),
    year: row['year'] as number,
    value: row['value'] as number,
    unit: text(row, 'unit'),
    source: text(row, 'source'),
    confidence: text(row, 'confidence'),
  }));
}

export interface SourceReference {
  readonly code: string;
  readonly reference: string;
  readonly kind: string;
  readonly whatWasRead: string;
}

export async function readSources(engine: Engine, snapshot: Snapshot, files: Files): Promise<SourceReference[]> {
  return (await readTable(engine, snapshot, files, 'dim_source')).map((row) => ({
    code: text(row, 'code'),
    reference: text(row, 'reference'),
    kind: text(row, 'kind'),
    whatWasRead: text(row, 'what_was_read'),
  }));
}

/** Codes of the platforms that the accounts of a snapshot are of. */
export async function readPlatforms(engine: Engine, snapshot: Snapshot, files: Files): Promise<string[]> {
  const paths = pathsOf(snapshot, files, 'dim_account');
  if (paths.length === 0) return [];
  const { rows } = await engine.query(`with ${filesAs('a', paths)} select distinct platform from a order by platform`, [], LIMITS);
  return rows.map(([code]) => String(code));
}

/** A rule by which attributes of accounts are assigned, as the snapshot's codebook has it. */
export interface AccountRuleEntry {
  readonly id: string;
  readonly attribute: string;
  readonly confidence: number;
  readonly note: string;
}

/** The rules that the accounts of a snapshot were assigned by, by id. */
export async function readAccountRules(engine: Engine, snapshot: Snapshot, files: Files): Promise<ReadonlyMap<string, AccountRuleEntry>> {
  const rows = await readTable(engine, snapshot, files, 'dim_account_rule');
  return new Map(
    rows.map((row) => [
      text(row, 'id'),
      { id: text(row, 'id'), attribute: text(row, 'attribute'), confidence: Number(row['confidence']), note: text(row, 'note') },
    ]),
  );
}

type Row = Readonly<Record<string, EngineValue>>;

async function readTable(engine: Engine, snapshot: Snapshot, files: Files, table: string): Promise<Row[]> {
  const paths = pathsOf(snapshot, files, table);
  // A snapshot published before there was such a table.
  if (paths.length === 0) return [];
  const sql = `with ${filesAs(table, paths)} select * from ${table}`;
  const { columns, rows } = await engine.query(sql, [], LIMITS);
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]!])));
}

const text = (row: Row, column: string): string => String(row[column]);
const optional = (row: Row, column: string): string | null =>
  row[column] === null || row[column] === undefined ? null : text(row, column);
const member = (row: Row): Member => ({
  code: text(row, 'code'),
  parentCode: optional(row, 'parent_code'),
  name: text(row, 'name'),
  nameZh: text(row, 'name_zh'),
  source: text(row, 'source'),
  confidence: text(row, 'confidence'),
});
