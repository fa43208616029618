import type { Instant } from '../../model/time';
import type { IngestRecord } from '../records';

/** A value of a row by its name: a CSV column, a column of a database table, or a dotted path of a JSON object. */
export type Cell = (name: string) => string | undefined;

/** What a row does not say itself. */
export interface RowContext {
  readonly file: string;
  /** When the source looked, as far as anything tells; rows that carry their own time of crawling use that. */
  readonly observedAt: Instant;
  /** The account whose file this is: by the name of the file, or by the `user` part of a JSON document. */
  readonly owner: string | null;
  /** The source is a live database that does not say when it looked (`PostRecord.undated`). */
  readonly undated: boolean;
}

/**
 * One kind of row of one crawler, known by the names of its columns and never by their order. The same shape reads a CSV
 * file, JSON Lines, a list inside a JSON document, and a table of SQLite or MySQL.
 */
export interface Shape {
  /** Crawler and build: `weibo-crawler`, `weiboSpider`, `weibo-search`. */
  readonly format: string;
  readonly what: 'posts' | 'accounts' | 'comments' | 'reposts' | 'follows';
  /** Names that a row must have for the shape to be this one. */
  readonly needs: readonly string[];
  /** Names that tell it from another shape: it has none of them. */
  readonly lacks?: readonly string[];
  /** Name of the table in a database, where columns alone are not enough. */
  readonly table?: string;
  /**
   * The records of one row: first what the row is about, then what else it says. An empty list: the row says nothing
   * (a blank line). Throws a ValueError when a value cannot be read.
   */
  read(cell: Cell, context: RowContext): readonly IngestRecord[];
}

/** A JSON file made of parts. It is known by its first part: the value at `path` has the names the shape needs. */
export interface DocumentFormat {
  readonly format: string;
  /** Path of the id of the account whose document it is. */
  readonly owner?: string;
  readonly parts: readonly DocumentPart[];
}

export interface DocumentPart {
  /** Dotted path of the part; empty: the document itself. */
  readonly path: string;
  /** A list of rows, or one row. */
  readonly list: boolean;
  readonly shape: Shape;
}

/** Whether rows with these names have the shape. */
export const fits = (shape: Shape, names: ReadonlySet<string>): boolean =>
  shape.needs.every((name) => names.has(name)) && !(shape.lacks ?? []).some((name) => names.has(name));
