import { DATASET } from './dataset';

export type CitationStyle = 'APA' | 'BIBTEX' | 'CSL_JSON';

/** What identifies an answer: with these, the same numbers can be asked for again. */
export interface Cited {
  readonly snapshot: string;
  readonly publishedAt: Date;
  readonly synthetic: boolean;
  readonly queryId: string;
  readonly resultHash: string;
  readonly permalink: string;
}

/** The bibliographic item of an answer, in CSL-JSON. */
export function citationItem({ snapshot, publishedAt, synthetic, queryId, resultHash, permalink }: Cited): Record<string, unknown> {
  return {
    id: `govblog-${queryId.slice(0, 12)}`,
    type: 'dataset',
    title: synthetic ? `${DATASET.title} (${DATASET.syntheticNote})` : DATASET.title,
    author: [{ literal: DATASET.publisher }],
    issued: { 'date-parts': [[publishedAt.getUTCFullYear(), publishedAt.getUTCMonth() + 1, publishedAt.getUTCDate()]] },
    version: `snapshot ${snapshot}`,
    publisher: DATASET.publisher,
    URL: permalink,
    note: `query ${queryId}, sha256 of the result ${resultHash}`,
  };
}

/** A citation of an answer. The styles come from the Citation Style Language project. */
export async function cite(cited: Cited, style: CitationStyle): Promise<string> {
  const item = citationItem(cited);
  if (style === 'CSL_JSON') return JSON.stringify(item);
  // The styles take 0.1 s to load, and most requests never cite.
  const { Cite } = await import('@citation-js/core');
  await import('@citation-js/plugin-csl');
  await import('@citation-js/plugin-bibtex');
  const citation = new Cite([item]);
  const text =
    style === 'BIBTEX'
      ? citation.format('bibtex', { format: 'text' })
      : citation.format('bibliography', { format: 'text', template: 'apa', lang: 'en-US' });
  return text.trim();
}
