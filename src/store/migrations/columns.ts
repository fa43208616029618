import type { TableColumnOptions } from 'typeorm';

// Columns as migrations write them: the same types on both stores.
export const PRIMARY = { isPrimary: true } as const;
export const NULLABLE = { isNullable: true } as const;
type Flags = Partial<TableColumnOptions>;

export const text = (name: string, length: number, flags: Flags = {}): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: String(length),
  ...flags,
});
export const longText = (name: string, flags: Flags = {}): TableColumnOptions => ({ name, type: 'text', ...flags });
export const int = (name: string, flags: Flags = {}): TableColumnOptions => ({ name, type: 'integer', ...flags });
export const bigint = (name: string, flags: Flags = {}): TableColumnOptions => ({ name, type: 'bigint', ...flags });
export const double = (name: string, flags: Flags = {}): TableColumnOptions => ({ name, type: 'double', ...flags });
export const boolean = (name: string, flags: Flags = {}): TableColumnOptions => ({ name, type: 'boolean', ...flags });
/** UTC with milliseconds: MySQL drops them without the precision. */
export const instant = (name: string, flags: Flags = {}): TableColumnOptions => ({ name, type: 'datetime', precision: 3, ...flags });
export const id = (name: string): TableColumnOptions => ({
  name,
  type: 'integer',
  isPrimary: true,
  isGenerated: true,
  generationStrategy: 'increment',
});
