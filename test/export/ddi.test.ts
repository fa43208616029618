import { CUBES } from '../../src/model';
import { TIME_GRAINS } from '../../src/model/define';
import { ddi } from '../../src/export/ddi';
import { DEMO_LICENCE, type Licence } from '../../src/licences';
import { DESCRIBED, EVIL, MEMBERS, SNAPSHOT } from './described';
import { elementsOf, readXml, type Element } from './xml';

// The structure rules of DDI Codebook 2.5 (codebook.xsd, 2012) for every element that we write: its children in their order,
// `?` at most one, `*` any number, `+` at least one. The schema itself is not in any package, so the rules are written down here.
const SEQUENCES: Readonly<Record<string, string>> = {
  codeBook: 'docDscr* stdyDscr+ fileDscr* dataDscr* otherMat*',
  stdyDscr: 'citation+ studyAuthorization* stdyInfo* studyDevelopment* method* dataAccs* othrStdyMat* notes*',
  citation: 'titlStmt rspStmt? prodStmt? distStmt? serStmt* verStmt* biblCit? holdings* notes*',
  titlStmt: 'titl subTitl* altTitl* parTitl* IDNo*',
  rspStmt: 'AuthEnty* othId*',
  prodStmt: 'producer* copyright? prodDate* prodPlac* software* fundAg* grantNo*',
  distStmt: 'distrbtr* contact* depositr* depDate* distDate?',
  verStmt: 'version? verResp? notes*',
  stdyInfo: 'studyBudget* subject* abstract* sumDscr* qualityStatement? notes* exPostEvaluation*',
  subject: 'keyword* topcClas*',
  sumDscr: 'timePrd* collDate* nation* geogCover* geogUnit* geoBndBox? boundPoly? anlyUnit* universe* dataKind*',
  dataAccs: 'setAvail* useStmt* notes*',
  useStmt: 'confDec? specPerm? restrctn? contact* citReq? deposReq? conditions? disclaimer?',
  othrStdyMat: 'relMat* relStdy* relPubl* othRefs*',
  fileDscr: 'fileTxt* locMap? notes*',
  fileTxt:
    'fileName? fileCitation? fileCont? fileStrc? dimensns? fileType? format? filePlac? dataChck* ProcStat? dataMsng? software* verStmt?',
  fileStrc: 'recGrp* notes*',
  dimensns: 'caseQnty* varQnty* logRecL* recPrCas* recNumTot*',
  dataDscr: 'varGrp* nCubeGrp* var* nCube* notes*',
  var:
    'location* labl* imputation? security? embargo? respUnit? anlysUnit? qstn* valrng* invalrng* undocCod* universe* TotlResp? sumStat* txt* ' +
    'stdCatgry* catgryGrp* catgry* codInstr* verStmt* concept* derivation? varFormat? geoMap* catLevel* notes*',
  catgry: 'catValu? labl* txt* catStat* mrow?',
  derivation: 'drvdesc? drvcmd?',
};
/** Elements of text alone. */
const TEXTS = [
  'titl', 'IDNo', 'AuthEnty', 'producer', 'prodDate', 'distrbtr', 'distDate', 'version', 'notes', 'biblCit', 'holdings', 'keyword', 'abstract',
  'timePrd', 'anlyUnit', 'universe', 'dataKind', 'othRefs', 'fileName', 'fileCont', 'caseQnty', 'varQnty', 'fileType', 'labl', 'txt', 'catValu',
  'concept', 'drvdesc', 'varFormat', 'conditions',
]; // prettier-ignore
const DAY = '\\d{4}-\\d\\d-\\d\\d';
/** Attributes of each element, with the values they may have; `ID` and `xml:lang` may stand everywhere. */
const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  codeBook: { version: '2\\.5', xmlns: 'ddi:codebook:2_5', 'xmlns:xsi': '.+', 'xsi:schemaLocation': 'ddi:codebook:2_5 .+' },
  IDNo: { agency: '.+' },
  prodDate: { date: DAY },
  distrbtr: { URI: 'http.+' },
  distDate: { date: DAY },
  version: { date: DAY },
  holdings: { URI: 'http.+' },
  timePrd: { event: 'start|end|single', date: DAY },
  fileDscr: { URI: 'http.+' },
  fileStrc: { type: 'rectangular|hierarchical|relational|nested|other' },
  var: {
    name: '.+',
    files: '.+',
    intrvl: 'contin|discrete',
    aggrMeth: 'sum|average|count|mode|median|maximum|minimum|percent|other',
    measUnit: '.+',
    additivity: 'stock|flow|non-additive|other',
    temporal: 'Y|N',
    geog: 'Y|N',
    representationType: 'text|numeric|code|datetime|other',
  },
  varFormat: { type: 'character|numeric', category: 'date|time|currency|other' },
};

/** What a document breaks of the rules. */
function brokenRules(root: Element): string[] {
  const elements = elementsOf(root);
  const ids = elements.flatMap(({ attributes }) => attributes['ID'] ?? []);
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index || !/^[A-Za-z_][\w.-]*$/.test(id)).map((id) => `the ID ${id}`),
    ...elements.flatMap(({ name, attributes, children, text }) => [
      ...childrenBreak(name, children.map((child) => child.name), text), // prettier-ignore
      ...Object.entries(attributes).flatMap(([key, value]) => {
        if (key === 'ID' || (key === 'xml:lang' && /^[a-z]{2}(-[A-Z][a-z]+)?$/.test(value))) return [];
        const values = ATTRIBUTES[name]?.[key];
        return values !== undefined && new RegExp(`^(${values})$`, 's').test(value) ? [] : [`${name} ${key}="${value}"`];
      }),
      ...(name === 'var' && attributes['name'] === undefined ? ['a var without a name'] : []),
      ...(attributes['files'] ?? '').split(' ').filter((id) => id !== '' && !ids.includes(id)).map((id) => `no file ${id}`), // prettier-ignore
    ]),
  ];
}
function childrenBreak(name: string, children: readonly string[], text: string): string[] {
  const sequence = SEQUENCES[name];
  if (sequence === undefined) return TEXTS.includes(name) && children.length === 0 ? [] : [`${name} with ${children.join(' ')}`];
  const model = sequence.replace(/(\w+)([?*+]?)\s*/g, '(?:$1 )$2');
  const fits = new RegExp(`^${model}$`).test(children.map((child) => `${child} `).join('')) && text.trim() === '';
  return fits ? [] : [`${name}: ${children.join(' ')}`];
}

const written = (members = MEMBERS, sources = DESCRIBED.sources, licence: Licence | null = null): string =>
  ddi({ snapshot: SNAPSHOT, cubes: CUBES, members, sources, licence, origin: 'http://127.0.0.1:4000' });
const root = readXml(written());
const all = (name: string, from = root): Element[] => elementsOf(from).filter((element) => element.name === name);
const variable = (id: string): Element => all('var').find(({ attributes }) => attributes['ID'] === id)!;
const texts = (name: string, from: Element): string[] => all(name, from).map(({ text }) => text);

it('is well-formed and obeys the structure rules', () => {
  expect(brokenRules(root)).toEqual([]);
  expect(brokenRules(readXml(written(MEMBERS, [])))).toEqual([]);
});

it('states the licence where there is one, and has no such part where there is none', () => {
  expect(all('dataAccs')).toEqual([]);
  const licensed = readXml(written(MEMBERS, DESCRIBED.sources, DEMO_LICENCE));
  expect(brokenRules(licensed)).toEqual([]);
  expect(texts('conditions', licensed)).toEqual(['Licence: MIT License (synthetic demo data), https://opensource.org/license/mit']);
});

it.each([
  ['<labl xml:lang="en">', '<lable xml:lang="en">', 'not well-formed: </labl>'],
  ['<concept>', '<concept>&nbsp;', 'not well-formed: &nbsp;'],
  ['<titl>', '<titl>\u0001', 'not well-formed: a character'],
  ['version="2.5"', 'version=2.5', 'not well-formed: <codeBook'],
])('%s spoilt is found', (good, bad, problem) => {
  expect(() => readXml(written().replace(good, bad))).toThrow(problem);
});

it.each([
  [/<universe>(.*?)<\/universe>\n<txt>(.*?)<\/txt>/, '<txt>$2</txt><universe>$1</universe>', /^var: labl labl txt universe/],
  [/<titl>.*?<\/titl>/, '', /^titlStmt: IDNo$/],
  [/additivity="stock"/, 'additivity="some"', /^var additivity="some"$/],
  [/files="F-activity"/, 'files="F-nothing"', /^no file F-nothing$/],
  [/ID="V-activity-week"/, 'ID="V-activity-day"', /^the ID V-activity-day$/],
  [/<dataKind>/, '<dataKind><titl></titl>', /^dataKind with titl$/],
])('the rules find %s broken', (good, bad, problem) => {
  expect(brokenRules(readXml(written().replace(good, bad)))).toContainEqual(expect.stringMatching(problem));
});

it('has one file for each cube and one variable for each time grain, dimension and measure', () => {
  expect(all('fileDscr').map(({ attributes }) => attributes['ID'])).toEqual(CUBES.map(({ name }) => `F-${name}`));
  const fields = CUBES.map(({ name, dimensions, measures }) =>
    [...TIME_GRAINS, ...Object.keys(dimensions), ...Object.keys(measures)].map((field) => [`V-${name}-${field}`, field, `F-${name}`]),
  );
  expect(all('var').map(({ attributes }) => [attributes['ID'], attributes['name'], attributes['files']])).toEqual(fields.flat());
  for (const [index, cube] of fields.entries()) {
    expect(texts('varQnty', all('fileDscr')[index]!)).toEqual([String(cube.length)]);
    // Two months of three rows.
    expect(texts('caseQnty', all('fileDscr')[index]!)).toEqual(['6']);
  }
});

it('every variable has its labels in both languages, universe, text and concept', () => {
  for (const one of all('var')) {
    const labels = one.children.filter(({ name }) => name === 'labl');
    expect(labels.map(({ attributes }) => attributes['xml:lang'])).toEqual(['en', 'zh-Hans']);
    for (const name of ['universe', 'txt', 'concept']) expect(texts(name, one)).toEqual([expect.stringMatching(/\S/)]);
  }
});

it('a measure says how it is made, in what unit, and whether it adds up', () => {
  const { attributes } = variable('V-activity-followers');
  expect(attributes).toMatchObject({ additivity: 'stock', measUnit: 'followers', intrvl: 'discrete', representationType: 'numeric' });
  expect(variable('V-activity-posts').attributes).toMatchObject({ additivity: 'flow', aggrMeth: 'sum' });
  const share = variable('V-activity-originalShare');
  expect(share.attributes).toMatchObject({ additivity: 'non-additive', intrvl: 'contin', measUnit: 'share' });
  expect(texts('drvdesc', share)).toEqual(['originalPosts / posts']);
  expect(texts('notes', variable('V-activity-likes'))).toContain('Exists since: weibo 2012-12-01, demo 2012-12-01.');
});

it('a dimension has its categories: codes of its own level, or the values of its grouping', () => {
  expect(texts('catValu', variable('V-activity-region'))).toEqual(['44', 'UNKNOWN']);
  expect(texts('catValu', variable('V-activity-prefecture'))).toEqual(['440100', 'UNKNOWN']);
  expect(texts('catValu', variable('V-activity-nbsRegion'))).toEqual(['East']);
  expect(texts('catValu', variable('V-activity-sector'))).toEqual(['PS', 'PS-POLICE']);
  expect(texts('catValu', variable('V-activity-sectorGroup'))).toEqual(['PS']);
  expect(texts('catValu', variable('V-activity-account'))).toEqual([]);
  expect(texts('labl', variable('V-activity-sectorGroup'))).toEqual(['Sector group', '部门大类', 'Public security', '中PS']);
});

it('the study is cited with the snapshot as its version', () => {
  const [citation] = all('citation');
  expect(texts('IDNo', citation!)).toEqual([SNAPSHOT.id]);
  expect(texts('version', citation!)).toEqual([`snapshot ${SNAPSHOT.id}`]);
  expect(texts('titl', citation!)).toEqual([expect.stringContaining('synthetic demo data')]);
  expect(all('timePrd').map(({ attributes }) => attributes)).toEqual([
    { event: 'start', date: '2011-11-01' },
    { event: 'end', date: '2011-12-31' },
  ]);
});

it('escapes whatever a name, a code or a reference holds, and replaces what XML cannot hold', () => {
  const safe = EVIL.replace('\u0007', '\ufffd');
  expect(texts('othRefs', root)).toEqual([`S01: ${safe}`]);
  const verified = variable('V-activity-verifiedType');
  expect(texts('catValu', verified)).toEqual([safe]);
  expect(texts('labl', verified)).toContain(safe);
  expect(all('titl')).toHaveLength(1);
});
