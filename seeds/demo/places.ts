import { readSeed } from './targets';

/** A province, a prefecture or a place below, as names are made of it. */
export interface Place {
  readonly code: string;
  readonly short: string;
  readonly full: string;
}

export interface Province extends Place {
  /** The capital first, as the codes run; none for the four municipalities. */
  readonly prefectures: readonly Place[];
}

/** Units without a seat of their own (counties run by the province), and cities founded after 2011. */
const NOT_IN_2011 = new Set(['460300', '460400']);
const ENDINGS = /(市|地区|盟|((朝鲜|土家|布依|哈尼|傈僳|景颇|苗|羌|藏|彝|侗|壮|傣|白|回)族|蒙古族?|哈萨克|柯尔克孜)+自治州)$/;
const NATIONAL = { short: '中国', full: '中央国家机关' };
const OVERSEAS = { short: '驻外', full: '中国驻外使领馆' };

/** Made-up parts of a city: a real list of counties is not needed to tell stations apart. */
const DISTRICTS = [
  '城东',
  '城西',
  '城南',
  '城北',
  '新城',
  '老城',
  '高新',
  '江东',
  '江北',
  '河东',
  '河西',
  '湖滨',
  '山前',
  '滨海',
  '中心',
].concat(
  ['临江', '凤凰', '龙泉', '西山', '东湖', '南湖', '北湖', '玉泉', '桃源', '金山', '银河', '青山', '白云', '长兴', '永安'],
  ['清河', '石桥', '双桥', '新华', '东关', '解放', '和平', '建设', '工农', '红旗', '前进', '胜利', '文昌', '安宁', '吉祥'],
);

export const districtOf = (place: Place, district: string): Place => ({
  code: place.code,
  short: place.short + district,
  full: `${place.full}${district}区`,
});
export { DISTRICTS };

export function readProvinces(): Map<string, Province> {
  const rows = readSeed('reference', 'regions.csv');
  const prefectures = rows
    .filter((row) => row('kind') === 'prefecture' && !row('name_zh').includes('直辖') && !NOT_IN_2011.has(row('code')))
    .map((row) => ({
      parent: row('parent_code'),
      code: row('code'),
      short: row('name_zh').replace(ENDINGS, ''),
      full: row('name_zh_full'),
    }));
  const provinces = rows
    .filter((row) => row('kind') === 'province' || ['00', '99'].includes(row('code')))
    .map((row) => ({ code: row('code'), short: row('name_zh'), full: row('name_zh_full'), ...special(row('code')) }))
    .map((place) => ({ ...place, prefectures: prefectures.filter(({ parent }) => parent === place.code) }));
  return new Map(provinces.map((province) => [province.code, province]));
}

const special = (code: string): Partial<Place> => (code === '00' ? NATIONAL : code === '99' ? OVERSEAS : {});
