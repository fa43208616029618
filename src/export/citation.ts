import type { Day } from '../model/time';
import type { Snapshot } from '../warehouse/snapshots';
import { DATASET } from './dataset';

export type CitationStyle = 'APA' | 'BIBTEX' | 'CSL_JSON' | 'GB_T_7714';

/** What identifies an answer: with these, the same numbers can be asked for again. */
export interface Cited {
  readonly snapshot: string;
  readonly publishedAt: Date;
  readonly synthetic: boolean;
  readonly queryId: string;
  readonly resultHash: string;
  /** Where the answer is: its permalink, or the page of a saved question. */
  readonly permalink: string;
  /** What the question is called, if it has a name of its own. */
  readonly title?: string;
}

/** The title of the data, which says so when they are generated. */
export const titleOf = (synthetic: boolean): string => (synthetic ? `${DATASET.title} (${DATASET.syntheticNote})` : DATASET.title);

/** The title of an answer: that of its question, if it has one, and that of the data. */
const fullTitle = ({ title, synthetic }: Cited): string =>
  title === undefined ? titleOf(synthetic) : `${title}. From ${titleOf(synthetic)}`;

export const publishedOn = (publishedAt: Date): Day => publishedAt.toISOString().slice(0, 10);

/** The bibliographic item of an answer, in CSL-JSON. */
export function citationItem(cited: Cited): Record<string, unknown> {
  const { snapshot, publishedAt, queryId, resultHash, permalink } = cited;
  return {
    id: `govblog-${queryId.slice(0, 12)}`,
    type: 'dataset',
    title: fullTitle(cited),
    author: [{ literal: DATASET.publisher }],
    issued: { 'date-parts': [[publishedAt.getUTCFullYear(), publishedAt.getUTCMonth() + 1, publishedAt.getUTCDate()]] },
    version: `snapshot ${snapshot}`,
    publisher: DATASET.publisher,
    URL: permalink,
    note: `query ${queryId}, sha256 of the result ${resultHash}`,
  };
}

/**
 * A citation of an answer. The styles come from the Citation Style Language project, but for GB/T 7714, which their packages
 * do not have. `citedOn` is the day on which it was read, which GB/T 7714 alone states.
 */
export async function cite(cited: Cited, style: CitationStyle, citedOn: Day): Promise<string> {
  if (style === 'GB_T_7714') return gbt7714(cited, citedOn);
  const item = citationItem(cited);
  if (style === 'CSL_JSON') return JSON.stringify(item);
  // The styles take 0.1 s to load, and most requests never cite.
  const { Cite } = await import('@citation-js/core');
  await import('@citation-js/plugin-csl');
  await import('@citation-js/plugin-bibtex');
  // BibTeX knows months and no days; a day would stand in its month.
  const issued = { 'date-parts': [[cited.publishedAt.getUTCFullYear(), cited.publishedAt.getUTCMonth() + 1]] };
  const citation = new Cite([style === 'BIBTEX' ? { ...item, issued } : item]);
  const text =
    style === 'BIBTEX'
      ? citation.format('bibtex', { format: 'text' })
      : citation.format('bibliography', { format: 'text', template: 'apa', lang: 'en-US' });
  return text.trim();
}

/**
 * GB/T 7714-2015, 4.6, electronic resources: 主要责任者. 题名: 其他题名信息[DS/OL]. (更新或修改日期)[引用日期]. 获取和访问路径.
 * DS is a data set and OL is online (annex B); the snapshot stands as further information on the title.
 */
const gbt7714 = (cited: Cited, citedOn: Day): string =>
  `${DATASET.publisher}. ${fullTitle(cited)}: snapshot ${cited.snapshot}[DS/OL]. (${publishedOn(cited.publishedAt)})[${citedOn}]. ${cited.permalink}.`;

/** How to cite a whole snapshot, in the order of APA; in a copy of it that knows no address, the hash alone identifies it. */
export const citationOfSnapshot = ({ id, publishedAt, contentHash, synthetic }: Omit<Snapshot, 'files'>, url?: string): string =>
  `${DATASET.publisher} (${publishedAt.getUTCFullYear()}). ${titleOf(synthetic)} [Data set]. Snapshot ${id}, published ${publishedOn(publishedAt)}, ` +
  `sha256 of the contents ${contentHash}.${url === undefined ? '' : ` ${url}`}`;
