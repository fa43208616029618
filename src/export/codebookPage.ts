import { groupBy } from '../collections';
import { licenceText, type Licence } from '../licences';
import type { Indicator, Member, Members } from '../model/members';
import { LIMITS } from '../query/limits';
import type { SourceReference } from '../warehouse/members';
import type { Snapshot } from '../warehouse/snapshots';
import type { CubeEntry, DimensionEntry, MeasureEntry } from './codebook';
import { DATASET } from './dataset';
import { DERIVED_ENTRIES } from './derivedEntries';
import { markup, prose, type Markup, type Part } from './markup';

/** What is known of a snapshot beside the model. */
export interface PublishedCodebook {
  readonly snapshot: Omit<Snapshot, 'files'>;
  readonly members: Members;
  readonly indicators: readonly Indicator[];
  readonly sources: readonly SourceReference[];
  /** Null when nobody has stated one. */
  readonly licence: Licence | null;
}

/**
 * The codebook as one readable page, without its frame: what is published, how to cite it, every field with its definition and
 * source, and the tables that codes refer to. Before the first snapshot it shows the fields alone. `#activity-posts` is the
 * address of the field `posts` of the cube `activity`.
 */
export function codebookPage(cubes: readonly CubeEntry[], published: PublishedCodebook | null): Markup {
  const page = { published, sources: new Set(published?.sources.map(({ code }) => code)) };
  const tables = published === null ? [] : memberSections(published, page);
  const sections = [
    { id: 'about', title: 'What is published', body: aboutSection(published) },
    ...cubes.map((cube) => ({ id: cube.name, title: `${cube.label} (${cube.name})`, body: cubeSection(cube, page) })),
    { id: 'derived', title: 'What follows from an answer', body: derivedSection() },
    ...tables,
    { id: 'limits', title: 'Limits of questions', body: limitsSection() },
  ];
  return markup`<main class="codebook">
<h1>${DATASET.title}</h1>
<p class="lead">${DATASET.description}</p>
<nav aria-label="Contents"><ul>${sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
${sections.map(({ id, title, body }) => markup`<section id="${id}"><h2>${title}</h2>${body}</section>\n`)}</main>`;
}

interface PageFacts {
  readonly published: PublishedCodebook | null;
  /** Codes that the list of sources explains. */
  readonly sources: ReadonlySet<string>;
}

function aboutSection(published: PublishedCodebook | null): Markup {
  if (published === null)
    return markup`<p>Nothing is published yet. What follows is what can be asked as soon as a snapshot is: load data with
<code>govblog ingest</code>, then run the jobs with <code>govblog run</code>.</p>`;
  const { id, publishedAt, contentHash, from, watermark, synthetic } = published.snapshot;
  const publishedOn = publishedAt.toISOString().slice(0, 10);
  const title = synthetic ? `${DATASET.title} (${DATASET.syntheticNote})` : DATASET.title;
  const facts: readonly (readonly [string, string])[] = [
    ['Snapshot', id],
    ['Published', `${publishedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`],
    ['Period', `${from} to ${watermark}, both days included`],
    ['Observed', synthetic ? `No: ${DATASET.syntheticNote}` : 'Yes'],
    ['Licence', published.licence === null ? 'None is stated' : licenceText(published.licence)],
    ['sha256 of the contents', contentHash],
  ];
  return markup`<dl>${facts.map(([term, text]) => markup`<dt>${term}</dt><dd>${text}</dd>`)}</dl>
<p>Download: <a href="/snapshots/${id}.zip">the whole snapshot</a> (zip of Parquet files with this codebook as CSV and JSON), or file by file by its
<a href="/datapackage.json?snapshot=${id}">data package</a>.</p>
<h3>How to cite</h3>
<blockquote>${DATASET.publisher} (${publishedOn.slice(0, 4)}). <cite>${title}</cite> [Data set]. Snapshot ${id}, published ${publishedOn},
sha256 of the contents ${contentHash}.</blockquote>
<p>Each answer also carries its own citation with the sha256 of its rows: ask <code>provenance { citation(style: APA) }</code>,
<code>BIBTEX</code>, <code>CSL_JSON</code> or <code>GB_T_7714</code>. The same question with <code>snapshot: "${id}"</code> has the same answer for ever.</p>`;
}

function cubeSection({ name, labelZh, description, grain, dimensions, conditions, measures }: CubeEntry, page: PageFacts): Markup {
  return markup`<p>${zh(labelZh)} ${prose(description)}</p>
<p>Grain: ${grain}.</p>
<h3>Dimensions of ${name}</h3>
${table(
  ['Field', 'Meaning', 'Operators', 'Source'],
  dimensions.map((dimension) => row(`${name}-${dimension.name}`, dimensionCells(dimension, page))),
)}
${
  conditions.length === 0
    ? null
    : markup`<h3>Conditions of ${name}</h3>
<p>To filter by, not to group by.</p>
${table(
  ['Field', 'Meaning', 'Operators'],
  conditions.map((one) => row(`${name}-where-${one.name}`, [fieldCell(one), prose(one.description), one.operators.join(', ')])),
)}`
}
<h3>Measures of ${name}</h3>
${table(
  ['Field', 'Unit', 'Meaning', 'Formula', 'Adds up', 'Exists since', 'Source'],
  measures.map((measure) => row(`${name}-${measure.name}`, measureCells(measure, page))),
)}`;
}

const fieldCell = ({ name, label, labelZh }: Pick<MeasureEntry, 'name' | 'label' | 'labelZh'>): Markup =>
  markup`<code>${name}</code><br>${label}<br>${zh(labelZh)}`;

const dimensionCells = (dimension: DimensionEntry, { published, sources }: PageFacts): Part[] => [
  fieldCell(dimension),
  markup`${prose(dimension.description)}${
    published && dimension.members !== null ? markup` See <a href="#${dimension.members}">${dimension.members}</a>.` : null
  }`,
  dimension.operators.length === 0 ? 'none: the period selects days' : dimension.operators.join(', '),
  sourceCell(dimension.source, sources),
];

const ADDITIVITY: Readonly<Record<MeasureEntry['additivity'], string>> = {
  ADDITIVE: 'Over everything.',
  SEMI_ADDITIVE: 'Over accounts and their attributes, not over time: a bucket shows its last day.',
  NON_ADDITIVE: 'Over nothing: it is computed anew for each group.',
};

const measureCells = (measure: MeasureEntry, { sources }: PageFacts): Part[] => [
  fieldCell(measure),
  measure.unit,
  prose(measure.description),
  markup`<code>${measure.formula}</code>`,
  ADDITIVITY[measure.additivity],
  measure.existsSince === null
    ? 'always'
    : measure.existsSinceByPlatform.map(({ platform, day: since }) => markup`${platform} ${day(since)}<br>`),
  sourceCell(measure.source, sources),
];

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

/** The tables that codes refer to, under the names that `dataset` gives them. */
function memberSections({ members, indicators, sources }: PublishedCodebook, page: PageFacts): Section[] {
  const { region, sector, level, accountType, verifiedType, contentCategory, platform } = members;
  const list = <M extends Member>(
    id: string,
    title: string,
    rows: Iterable<M>,
    extra: Readonly<Record<string, (member: M) => Part>>,
    note: Part = null,
  ): Section => ({
    id,
    title,
    body: markup`${note === null ? null : markup`<p>${note}</p>`}${table(
      ['Code', 'Name', ...Object.keys(extra), 'Source', 'Confidence'],
      [...rows].map((member) =>
        row(null, [
          markup`<code>${member.code}</code>`,
          markup`${member.name} ${zh(member.nameZh)}`,
          ...Object.values(extra).map((cell) => cell(member)),
          sourceCell(member.source, page.sources),
          member.confidence,
        ]),
      ),
    )}`,
  });
  const regions = [...region.values()];
  const prefectures = regions.filter(({ kind }) => kind === 'prefecture').length;
  return [
    list('platforms', 'Platforms', platform.values(), {
      'Time zone of its days': ({ timeZone }) => timeZone,
      'Likes since': ({ likesSince }) => likesSince && day(likesSince),
      Data: ({ synthetic }) => (synthetic ? 'generated' : 'observed'),
    }),
    list(
      'sectors',
      'Sectors',
      byTree([...sector.values()]),
      { Group: ({ parentCode }) => parentCode },
      'Groups, each followed by its sub-sectors.',
    ),
    list('levels', 'Administrative levels', level.values(), {
      'Cadre rank': ({ cadreRank }) => cadreRank,
      'Units at the end of 2011': ({ units }) => units,
    }),
    list('accountTypes', 'Account types', byTree([...accountType.values()]), { Kind: ({ parentCode }) => parentCode }),
    list('verifiedTypes', 'Verification types', verifiedType.values(), {}),
    list('contentCategories', 'Content categories', contentCategory.values(), {}),
    list(
      'regions',
      'Regions',
      regions.filter(({ kind }) => kind !== 'prefecture'),
      { 'ISO 3166-2': ({ iso }) => iso, 'NBS region': ({ nbsRegion }) => nbsRegion, 'Geographic region': ({ geoRegion }) => geoRegion },
      markup`Province-level units and what lies outside them. The ${prefectures} prefecture-level units are in
<code>dataset { regions { code name nameZh parentCode } }</code>.`,
    ),
    { id: 'indicators', title: 'Indicators', body: indicatorTable(indicators, page) },
    {
      id: 'sources',
      title: 'Sources',
      body: table(
        ['Code', 'Reference', 'Kind', 'What was read'],
        sources.map(({ code, reference, kind, whatWasRead }) =>
          row(`source-${code}`, [markup`<code>${code}</code>`, reference, kind, whatWasRead]),
        ),
      ),
    },
  ];
}

/** One line for each indicator and source: the figures themselves are too many to read. */
function indicatorTable(indicators: readonly Indicator[], { sources }: PageFacts): Markup {
  const groups = groupBy(indicators, ({ indicator, unit, source, confidence }) => [indicator, unit, source, confidence].join('|'));
  return markup`<p>Denominators by region and year. The figures are in <code>dataset { indicators { regionCode indicator year value } }</code>.</p>
${table(
  ['Indicator', 'Years', 'Regions', 'Unit', 'Source', 'Confidence'],
  [...groups.values()].map((group) => {
    const { indicator, unit, source, confidence } = group[0]!;
    const years = [...new Set(group.map(({ year }) => year))].sort((a, b) => a - b).join(', ');
    const regions = new Set(group.map(({ regionCode }) => regionCode)).size;
    return row(null, [markup`<code>${indicator}</code>`, years, regions, unit, sourceCell(source, sources), confidence]);
  }),
)}`;
}

/** Fields that are made of a measure and of the other groups; `dataset` says which measures take which. */
const derivedSection = (): Markup =>
  table(
    ['Field', 'In a plain URL', 'Meaning'],
    DERIVED_ENTRIES.map(({ name, field, description }) =>
      row(null, [markup`<code>${name}</code>`, markup`<code>${field}</code>`, prose(description)]),
    ),
  );

const limitsSection = (): Markup =>
  table(
    ['Limit', 'Value', 'Meaning'],
    Object.entries(LIMITS).map(([name, { value, help }]) => row(null, [markup`<code>${name}</code>`, value.toLocaleString('en'), help])),
  );

/** Roots in the order of their codes, each followed by what is below it. */
const byTree = <M extends Member>(members: readonly M[]): M[] =>
  members
    .filter(({ parentCode }) => parentCode === null)
    .flatMap((root) => [root, ...members.filter(({ parentCode }) => parentCode === root.code)]);

interface Row {
  readonly id: string | null;
  readonly cells: readonly Part[];
}
const row = (id: string | null, cells: readonly Part[]): Row => ({ id, cells });

/** A table whose cells repeat the head of their column: on a phone each row becomes a card. */
const table = (columns: readonly string[], rows: readonly Row[]): Markup => markup`<table>
<thead><tr>${columns.map((column) => markup`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ({ id, cells: [head, ...cells] }) =>
    markup`<tr${id === null ? null : markup` id="${id}"`}><th scope="row">${
      id === null ? head! : markup`<a href="#${id}">${head!}</a>`
    }</th>${cells.map((cell, index) => tableCell(columns[index + 1]!, cell))}</tr>\n`,
)}</tbody>
</table>`;

function tableCell(column: string, cell: Part): Markup {
  const content = markup`${cell}`;
  return content.text === '' ? markup`<td></td>` : markup`<td data-label="${column}"><div>${content}</div></td>`;
}

const zh = (text: string): Markup => markup`<span lang="zh-Hans">${text}</span>`;

/** A day, which must not be broken at its hyphens. */
const day = (text: string): Markup => markup`<span class="day">${text}</span>`;

/** `S25;S29`, or `S07 (a remark)`, with a link for each code that the list of sources explains. */
const sourceCell = (source: string | null, known: ReadonlySet<string>): Part =>
  (source ?? '').split(';').map((text, index) => {
    const [code = ''] = text.split(' ', 1);
    return markup`${index > 0 ? '; ' : null}${known.has(code) ? markup`<a href="#source-${code}">${code}</a>${text.slice(code.length)}` : text}`;
  });
