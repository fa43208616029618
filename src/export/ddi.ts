import { additivityOf, formulaOf, TIME_GRAINS, valueTypeOf, type Cube, type Dimension, type Measure } from '../model/define';
import { licenceText, type Licence } from '../licences';
import type { Member, Members } from '../model/members';
import type { SourceReference } from '../warehouse/members';
import type { Snapshot } from '../warehouse/snapshots';
import { citationOfSnapshot, publishedOn, titleOf } from './citation';
import { codebookOf } from './codebook';
import { KEYWORDS } from './datapackage';
import { DATASET } from './dataset';
import { markup, type Markup } from './markup';

export interface DdiInput {
  readonly snapshot: Snapshot;
  readonly cubes: readonly Cube[];
  readonly members: Members;
  readonly sources: readonly SourceReference[];
  /** Null when nobody has stated one. */
  readonly licence: Licence | null;
  /** Address of the server, without a slash at its end. */
  readonly origin: string;
}

/** Characters that XML 1.0 has no place for, even escaped. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/**
 * The snapshot as a DDI Codebook 2.5: the study with its citation, each cube as a file, each time grain, dimension and measure
 * as a variable with its categories. Variables are what one asks a cube for; the columns of the Parquet files are described by
 * the data package.
 */
export function ddi(input: DdiInput): string {
  const { cubes } = input;
  const document = markup`<?xml version="1.0" encoding="UTF-8"?>
<codeBook xmlns="ddi:codebook:2_5" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="ddi:codebook:2_5 http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd" version="2.5" xml:lang="en">
${study(input)}
${cubes.map((cube) => file(cube, input))}<dataDscr>
${cubes.flatMap((cube) => variables(cube, input.members))}</dataDscr>
</codeBook>
`;
  return document.text.replace(NOT_XML, '\ufffd');
}

function study({ snapshot, cubes, sources, licence, origin }: DdiInput): Markup {
  const { id, publishedAt, contentHash, from, watermark, synthetic } = snapshot;
  const day = publishedOn(publishedAt);
  return markup`<stdyDscr>
<citation>
<titlStmt><titl>${titleOf(synthetic)}</titl><IDNo agency="govblog">${id}</IDNo></titlStmt>
<rspStmt><AuthEnty>${DATASET.publisher}</AuthEnty></rspStmt>
<prodStmt><producer>${DATASET.publisher}</producer><prodDate date="${day}">${day}</prodDate></prodStmt>
<distStmt><distrbtr URI="${origin}">${DATASET.publisher}</distrbtr><distDate date="${day}">${day}</distDate></distStmt>
<verStmt><version date="${day}">snapshot ${id}</version><notes>sha256 of the contents: ${contentHash}</notes></verStmt>
<biblCit>${citationOfSnapshot(snapshot, `${origin}/codebook`)}</biblCit>
<holdings URI="${origin}/datapackage.json">Parquet files of the snapshot</holdings>
</citation>
<stdyInfo>
<subject>${KEYWORDS.map((keyword) => markup`<keyword>${keyword}</keyword>`)}</subject>
<abstract>${DATASET.description}</abstract>
<sumDscr>
<timePrd event="start" date="${from}">${from}</timePrd><timePrd event="end" date="${watermark}">${watermark}</timePrd>
${cubes.map(({ grain }) => markup`<anlyUnit>${grain}</anlyUnit>\n`)}${cubes.map(
    ({ name, description }) => markup`<universe ID="U-${name}">${description}</universe>\n`,
  )}<dataKind>${synthetic ? DATASET.syntheticNote : 'aggregate and event data'}</dataKind>
</sumDscr>
</stdyInfo>
${licence === null ? null : markup`<dataAccs><useStmt><conditions>Licence: ${licenceText(licence)}</conditions></useStmt></dataAccs>\n`}${sources.length === 0 ? null : markup`<othrStdyMat>\n${sources.map(({ code, reference }) => markup`<othRefs>${code}: ${reference}</othRefs>\n`)}</othrStdyMat>\n`}</stdyDscr>`;
}

function file({ name, label, description, grain, fact, dimensions, measures }: Cube, { snapshot, origin }: DdiInput): Markup {
  const partitions = snapshot.files.filter(({ table }) => table === fact);
  const rows = partitions.reduce((sum, one) => sum + one.rows, 0);
  const variableCount = TIME_GRAINS.length + Object.keys(dimensions).length + Object.keys(measures).length;
  return markup`<fileDscr ID="F-${name}" URI="${origin}/${name}.csv">
<fileTxt>
<fileName>${label} (${name})</fileName>
<fileCont>${description} Grain: ${grain}.</fileCont>
<fileStrc type="rectangular"/>
<dimensns><caseQnty>${rows}</caseQnty><varQnty>${variableCount}</varQnty></dimensns>
<fileType>Parquet, ${partitions.length} ${partitions.length === 1 ? 'file' : 'files'}; answers as CSV, JSON and Parquet</fileType>
</fileTxt>
</fileDscr>
`;
}

function variables(cube: Cube, members: Members): Markup[] {
  const entry = codebookOf(cube);
  return [
    ...entry.dimensions.map(({ name, label, labelZh, description, source }) => {
      const dimension: Dimension | undefined = cube.dimensions[name];
      const categories = dimension ? categoriesOf(name, dimension, members) : [];
      return markup`<var ID="V-${cube.name}-${name}" name="${name}" files="F-${cube.name}" intrvl="discrete"${flag(
        'temporal',
        dimension === undefined || dimension.type === 'month',
      )}${flag('geog', dimension?.members === 'region')} representationType="${representation(dimension)}">
${labels(label, labelZh)}
<universe>${cube.grain}</universe>
<txt>${description}</txt>
${categories.map(category)}<concept>${cube.label}</concept>
${format(dimension?.type === 'integer', dimension === undefined || dimension.type === 'month')}${notes(source && `Source: ${source}.`)}</var>
`;
    }),
    ...entry.measures.map(({ name, label, labelZh, unit, description, existsSince, source }) => {
      const measure = cube.measures[name]!;
      return markup`<var ID="V-${cube.name}-${name}" name="${name}" files="F-${cube.name}" intrvl="${
        valueTypeOf(measure) === 'count' ? 'discrete' : 'contin'
      }"${aggregation(measure)}${unit === null ? null : markup` measUnit="${unit}"`} additivity="${ADDITIVITY[additivityOf(measure)]}" representationType="numeric">
${labels(label, labelZh)}
<universe>${cube.grain}</universe>
<txt>${description}</txt>
<concept>${cube.label}</concept>
<derivation><drvdesc>${formulaOf(measure)}</drvdesc></derivation>
${format(true, false)}${notes(existsSince && `Exists since: ${existsSince}.`, source && `Source: ${source}.`)}</var>
`;
    }),
  ];
}

const ADDITIVITY = { ADDITIVE: 'flow', SEMI_ADDITIVE: 'stock', NON_ADDITIVE: 'non-additive' } as const;

const labels = (label: string, labelZh: string): Markup =>
  markup`<labl xml:lang="en">${label}</labl><labl xml:lang="zh-Hans">${labelZh}</labl>`;

const flag = (name: string, yes: boolean): Markup | null => (yes ? markup` ${name}="Y"` : null);

const format = (numeric: boolean, date: boolean): Markup =>
  markup`<varFormat type="${numeric ? 'numeric' : 'character'}"${date ? markup` category="date"` : null}/>\n`;

const notes = (...texts: readonly (string | null)[]): Markup[] =>
  texts.filter((text) => text !== null).map((text) => markup`<notes>${text}</notes>\n`);

function representation(dimension: Dimension | undefined): string {
  if (dimension === undefined || dimension.type === 'month') return 'datetime';
  if (dimension.type === 'integer') return 'numeric';
  return dimension.members === undefined ? 'text' : 'code';
}

/** How the values of a group come about, in the few words that DDI has for it. */
function aggregation(measure: Measure): Markup | null {
  if (measure.kind === 'sum') return markup` aggrMeth="sum"`;
  if (measure.kind === 'count' || measure.kind === 'distinct') return markup` aggrMeth="count"`;
  return measure.kind === 'quantile' && measure.q === 0.5 ? markup` aggrMeth="median"` : null;
}

interface Category {
  readonly code: string;
  readonly name: string;
  readonly nameZh: string | null;
}
const category = ({ code, name, nameZh }: Category): Markup =>
  markup`<catgry><catValu>${code}</catValu><labl xml:lang="en">${name}</labl>${
    nameZh === null ? null : markup`<labl xml:lang="zh-Hans">${nameZh}</labl>`
  }</catgry>
`;

/** The codes that a dimension can have; a grouping has the values that the members carry. */
function categoriesOf(field: string, { members: table, attribute }: Dimension, members: Members): Category[] {
  if (table === undefined) return [];
  const all: ReadonlyMap<string, Member> = members[table];
  if (attribute !== undefined) {
    const values = new Set([...all.values()].map((member) => (member as unknown as Record<string, string | null>)[attribute] ?? null));
    return [...values]
      .filter((value) => value !== null)
      .sort()
      .map((value) => all.get(value) ?? { code: value, name: value, nameZh: null });
  }
  // Both levels of the regions are one table; the codes outside them belong to each.
  const other = { region: 'prefecture', prefecture: 'province' }[field];
  return [...all.values()].filter((member) => !('kind' in member) || member.kind !== other);
}
