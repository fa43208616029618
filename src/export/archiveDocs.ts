import { stringify } from 'csv-stringify/sync';
import { licenceText } from '../licences';
import type { Cube } from '../model/define';
import { citationOfSnapshot, titleOf } from './citation';
import { codebookOf, type CubeEntry } from './codebook';
import { dataPackage, type Described } from './datapackage';
import { DATASET } from './dataset';

/** A text of the archive of a snapshot. */
export interface ArchiveDocument {
  readonly name: string;
  readonly text: string;
}

/** Name of the list of hashes, which holds every other file of the archive. */
export const CHECKSUMS = 'SHA256SUMS';

/** Where a file of a snapshot lies in its archive. */
export const archivePath = (uri: string): string => `data/${uri}`;

/** What goes beside the Parquet files: how to use and cite them, what every field means, and the data package. */
export function archiveDocuments(described: Described, cubes: readonly Cube[]): ArchiveDocument[] {
  const entries = cubes.map(codebookOf);
  return [
    { name: 'README.md', text: readme(described) },
    { name: 'datapackage.json', text: json(dataPackage(described)) },
    { name: 'codebook.csv', text: codebookCsv(entries) },
    { name: 'codebook.json', text: json({ title: titleOf(described.snapshot.synthetic), cubes: entries }) },
  ];
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** One line for each field of each cube. */
function codebookCsv(cubes: readonly CubeEntry[]): string {
  const columns = ['cube', 'field', 'kind', 'label', 'labelZh', 'unit', 'description', 'formula', 'additivity', 'existsSince', 'source'];
  const rows = cubes.flatMap(({ name: cube, dimensions, measures }) => [
    ...dimensions.map(({ name: field, ...rest }) => ({ ...rest, cube, field, kind: 'dimension' })),
    ...measures.map(({ name: field, ...rest }) => ({ ...rest, cube, field, kind: 'measure' })),
  ]);
  return stringify(rows, { header: true, columns });
}

function readme({ snapshot, tables, licence }: Described): string {
  const { id, from, watermark, synthetic } = snapshot;
  const facts = tables.filter(({ file }) => file.from !== null);
  const example = facts[0]?.file.table ?? 'activity';
  return `# ${DATASET.title}

${DATASET.description}
${synthetic ? `\n**${DATASET.syntheticNote[0]!.toUpperCase()}${DATASET.syntheticNote.slice(1)}.**\n` : ''}
Snapshot ${id}: ${from} to ${watermark}, both days included. It is complete and never changes.

## How to cite

${citationOfSnapshot(snapshot)}

## Licence

${licence === null ? 'None is stated: ask whoever gave you this archive.' : licenceText(licence)}

## What is here

| file | what it is |
| --- | --- |
| \`datapackage.json\` | every file below \`data/\` with its columns, keys, rows, sources and hash (Frictionless Data Package 2.0) |
| \`codebook.csv\`, \`codebook.json\` | every dimension and measure: meaning, unit, formula, additivity, source |
| \`snapshot.json\` | what \`govblog snapshots import\` needs to serve the snapshot under its id on another machine |
| \`${CHECKSUMS}\` | sha256 of every other file: \`sha256sum -c ${CHECKSUMS}\` |
| \`data/\` | ${tables.length} Parquet files: ${facts.length} months of facts, and the tables that their codes refer to |

Null means "not collected" or "did not exist"; 0 means none. Ids are text.

## How to read it

    duckdb -c "select count(*) from 'data/${example}/*/*.parquet'"
    python -c "import pandas; print(pandas.read_parquet('data/${example}'))"
    Rscript -e "arrow::open_dataset('data/${example}')"
`;
}
