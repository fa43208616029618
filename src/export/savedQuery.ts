import { cubeNamed } from '../model';
import type { SavedQuery } from '../warehouse/savedQueries';
import type { Snapshot } from '../warehouse/snapshots';
import { titleOf, type Cited } from './citation';
import { DATASET } from './dataset';
import { questionText } from './questionText';

type PublishedSnapshot = Omit<Snapshot, 'files'>;

/** Address of the page of a saved question, below that of the server; with an ending, of its rows. */
export const savedPath = (id: string, extension?: string): string => (extension === undefined ? `/q/${id}` : `/q/${id}.${extension}`);

/** A saved question in words; as its JSON when a later program no longer has its cube. */
export function savedText({ question }: SavedQuery): string {
  const cube = cubeNamed(question.cube);
  return cube ? questionText(question, cube) : JSON.stringify(question);
}

/** What a saved question is called: as whoever saved it called it, or by its words. */
export const savedTitle = (saved: SavedQuery): string => saved.title ?? savedText(saved);

/** What identifies a saved question in a citation; `url` is the address of its page. */
export const citedOf = (saved: SavedQuery, { publishedAt, synthetic }: PublishedSnapshot, url: string): Cited => ({
  snapshot: saved.snapshot,
  publishedAt,
  synthetic,
  queryId: saved.id,
  resultHash: saved.resultHash,
  permalink: url,
  title: savedTitle(saved),
});

/** Where the rows of a saved question are, and in what media type. */
export interface Distribution {
  readonly extension: string;
  readonly type: string;
}

/** A saved question as schema.org's Dataset, for machines that read its page. `origin` is the address of the server. */
export function savedJsonLd(
  saved: SavedQuery,
  snapshot: PublishedSnapshot,
  citation: string,
  origin: string,
  forms: readonly Distribution[],
): Record<string, unknown> {
  const { id, question, resultHash, savedAt } = saved;
  const url = origin + savedPath(id);
  const publisher = { '@type': 'Organization', name: DATASET.publisher, url: origin };
  const property = (propertyID: string, value: string) => ({ '@type': 'PropertyValue', propertyID, value });
  return {
    '@context': 'https://schema.org',
    '@type': 'Dataset',
    '@id': url,
    url,
    name: savedTitle(saved),
    description: `${savedText(saved)}. ${titleOf(snapshot.synthetic)}, snapshot ${saved.snapshot}.`,
    identifier: [property('queryId', id), property('sha256 of the rows', resultHash)],
    version: saved.snapshot,
    temporalCoverage: `${question.from}/${question.to}`,
    datePublished: snapshot.publishedAt.toISOString(),
    dateCreated: savedAt.toISOString(),
    creator: publisher,
    publisher,
    creditText: citation,
    variableMeasured: question.fields,
    isBasedOn: `${origin}/snapshots/${saved.snapshot}.zip`,
    distribution: forms.map(({ extension, type }) => ({
      '@type': 'DataDownload',
      encodingFormat: type.split(';')[0],
      contentUrl: origin + savedPath(id, extension),
    })),
  };
}
