import type { Cell } from '../../src/export/flat';

export type Row = Readonly<Record<string, Cell>>;

/** A plain URL's answer as `.json`. */
export interface Answer {
  readonly snapshot: string;
  readonly queryId: string;
  readonly resultHash: string;
  readonly rows: readonly Row[];
}

export const answerAt = async (url: string): Promise<Answer> => (await (await fetch(url)).json()) as Answer;

/** What `/datapackage.json` says of the newest snapshot: `to` is its watermark. */
export interface Published {
  readonly title: string;
  readonly snapshot: { readonly id: string; readonly from: string; readonly to: string };
}

export const publishedAt = async (origin: string): Promise<Published> =>
  (await (await fetch(`${origin}/datapackage.json`)).json()) as Published;
