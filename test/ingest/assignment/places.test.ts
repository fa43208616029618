import { gazetteerOf } from '../../../src/ingest/assignment/gazetteer';
import { placeInName, placeInText, seatOf } from '../../../src/ingest/assignment/places';
import { assigned, REFERENCE } from './reference';

const PROVINCES = REFERENCE.regions.filter(({ kind }) => kind === 'province');
const PREFECTURES = REFERENCE.regions.filter(({ kind }) => kind === 'prefecture');
const nameOf = (code: string): string => PROVINCES.find((one) => one.code === code)!.name_zh;
/** As people and Weibo write it: without the word for its kind and without the names of peoples. Written out here, not taken from the code. */
const shortOf = (full: string): string =>
  full
    .replace(/(市|地区|盟)$/, '')
    .replace(
      /^(延边|恩施|湘西|阿坝|甘孜|凉山|黔西南|黔东南|黔南|楚雄|红河|文山|西双版纳|大理|德宏|怒江|迪庆|临夏|甘南|海北|黄南|海南|果洛|玉树|海西|昌吉|博尔塔拉|巴音郭楞|克孜勒苏|伊犁).*自治州$/,
      '$1',
    );
const gazetteer = gazetteerOf(REFERENCE.regions);

test('every prefecture is recognised in a location, by its full and its short name', () => {
  expect(PREFECTURES.length).toBeGreaterThan(330);
  for (const { code, parent_code, name_zh } of PREFECTURES)
    for (const name of [name_zh, shortOf(name_zh)])
      for (const province of [nameOf(parent_code!), PROVINCES.find((one) => one.code === parent_code)!.name_zh_full!])
        expect({ name, ...assigned({ location: `${province} ${name}` }) }).toMatchObject({
          name,
          region: parent_code,
          region_by: 'R-LOCATION',
          prefecture: code,
          prefecture_by: 'P-LOCATION',
        });
});

test('every prefecture is recognised at the beginning of a verification text, but for names that two places share', () => {
  const missed = PREFECTURES.filter(({ name_zh }) => !name_zh.includes('直辖')).filter(({ code, parent_code, name_zh }) =>
    [`${name_zh}公安局`, `${shortOf(name_zh)}公安局`, `${nameOf(parent_code!)}${shortOf(name_zh)}公安局`].some(
      (text) => placeInText(text, gazetteer, null)?.prefecture !== code,
    ),
  );
  expect(missed.map(({ name_zh }) => name_zh)).toEqual(['朝阳市', '吉林市', '海南藏族自治州']);
  for (const { code, parent_code, name_zh } of missed) {
    expect(placeInText(`${name_zh}公安局`, gazetteer, null)).toMatchObject({ region: parent_code, prefecture: code });
    expect(placeInText(`${nameOf(parent_code!)}${shortOf(name_zh)}公安局`, gazetteer, null)).toMatchObject({ prefecture: code });
  }
});

test('every prefecture that Weibo numbers as the national code does is recognised by its numbers', () => {
  for (const { code, parent_code } of PREFECTURES.filter((one) => one.code.endsWith('00')))
    expect(seatOf(`${parent_code} ${Number(code.slice(2, 4))}`, gazetteer)).toEqual({
      region: parent_code,
      prefecture: code,
      from: 'code',
    });
});

test.each([
  ['广东', '44', null],
  ['广东 其他', '44', null],
  ['北京 海淀区', '11', null],
  ['北京市 朝阳区', '11', null],
  ['台湾 台北', '71', null],
  ['海外', '99', null],
  ['海外 新西兰', '99', null],
  ['400 12', '99', null],
  ['广东省广州市', '44', '440100'],
  ['广州', '44', '440100'],
  ['中国 广东 广州', '44', '440100'],
  ['贵州 黔南州', '52', '522700'],
  ['11 5', '11', null],
  ['44,3', '44', '440300'],
  ['44 1000', '44', null],
])('location %s is %s %s', (location, region, prefecture) => {
  expect(seatOf(location, gazetteer)).toMatchObject({ region, prefecture });
});

test.each([
  '',
  ' ',
  '其他',
  '100',
  '100 1',
  '0',
  '00',
  '7',
  '47',
  '999',
  '未知',
  'UNKNOWN',
  'Beijing',
  '阿里巴巴西溪园区',
  '朝阳',
  '南京路',
])('location "%s" tells nothing', (location) => {
  expect(seatOf(location, gazetteer)).toBeNull();
});

test.each([
  '平安南京路',
  '南京大学',
  '北京大学团委',
  '阿里巴巴',
  '中山大学',
  '中山陵园',
  '朝阳公安',
  '北海道旅游',
  '南昌县公安',
  '北京人家',
  '海南岛',
  '台湾事务办公室',
  '事务长',
  '',
])('the name %s is not read as a place', (name) => {
  expect(placeInName(name, gazetteer, null)).toBeNull();
});

test.each([
  ['大理市公安局', '532900', 'county'],
  ['昆山市公安局', null, 'county'],
  ['江苏省昆山市公安局', null, 'county'],
  ['苏州市昆山市公安局', '320500', 'county'],
  ['政协大连市委员会', '210200', 'prefecture'],
  ['上海市公安局城市轨道和公交总队', null, 'province'],
  ['中共成都市委宣传部', '510100', 'prefecture'],
  ['博士，海口市公安局民警', '460100', 'prefecture'],
])('%s lies in %s, a unit of the kind %s', (text, prefecture, unit) => {
  expect(placeInText(text, gazetteer, null)).toMatchObject({ prefecture, unit });
});
