import type { Reader } from '../../answer/reader';
import type { SavedQueries } from '../../answer/saved';
import { systemClock } from '../../clock';
import { GovblogError, messageOf } from '../../errors';
import { cite, type CitationStyle } from '../../export/citation';
import { savedPage, jsonLdIn, type Checked } from '../../export/savedPage';
import { citedOf, savedJsonLd, savedPath, savedTitle } from '../../export/savedQuery';
import type { Log } from '../../log';
import type { SavedQuery } from '../../warehouse/savedQueries';
import { FORMS } from '../forms';
import { pageOf } from './layout';

const STYLES: Readonly<Record<string, CitationStyle>> = { 'APA 7': 'APA', 'GB/T 7714-2015': 'GB_T_7714', BibTeX: 'BIBTEX' };
const DISTRIBUTIONS = Object.entries(FORMS).map(([extension, { type }]) => ({ extension, type }));

interface Tools {
  readonly reader: Reader;
  readonly saved: SavedQueries;
  readonly log: Log;
}

/** The whole page of a saved question, which is run again for it. `origin` is the address under which the reader reached this server. */
export async function savedPageOf(saved: SavedQuery, origin: string, { reader, saved: savedQueries, log }: Tools): Promise<string> {
  const checked = await savedQueries.verify(saved).catch((error: unknown): Checked => {
    log('saved.unverified', { id: saved.id, error: messageOf(error) });
    return error instanceof GovblogError ? error.message : 'it could not be run; the log of the server tells more.';
  });
  const open = await reader.open(saved.snapshot);
  const cited = citedOf(saved, open.snapshot, origin + savedPath(saved.id));
  const today = systemClock.now().toISOString().slice(0, 10);
  const citations: Record<string, string> = {};
  for (const [name, style] of Object.entries(STYLES)) citations[name] = await cite(cited, style, today);
  const jsonLd = savedJsonLd(saved, open.snapshot, citations['APA 7']!, origin, DISTRIBUTIONS);
  return pageOf({
    title: savedTitle(saved),
    open,
    head: jsonLdIn(jsonLd),
    body: savedPage(saved, checked, citations, DISTRIBUTIONS),
  });
}
