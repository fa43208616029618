import type { Attributes } from './account';
import { type Place, DISTRICTS, districtOf, type Province } from './places';
import type { Random } from './random';
import { groupOf, type SubSector } from './subsectors';

/** Rarer family names, and given names of two characters: fewer officials of flesh and blood are called so. */
const SURNAMES = [...'柏窦鲁苗凤俞酆鲍廉岑滕邬卞穆祁狄臧伏谈茅庞舒屈项祝阮蓝闵席麻娄危童颜盛刁樊凌霍虞柯昝管莫房裘缪宗'];
const GIVEN = [
  ...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰文斌辉建国志鹏宇浩凯欣晨雪琳佳慧颖俊峰林波红梅春生海山云飞龙虎成立新东亮永康宁安福祥瑞',
];
const TITLES: Readonly<Record<string, readonly string[]>> = {
  L1: ['副主任', '副部长'],
  L2: ['副主席', '副主任', '秘书长'],
  L3: ['局长', '副局长', '巡视员', '主任'],
  L4: ['副局长', '处长', '副处长', '主任'],
  L5: ['科长', '副科长', '干部', '科员', '主任科员'],
};
const POLICE_TITLES = ['民警', '民警', '民警', '社区民警', '副所长', '教导员', '中队长'];
/** Offices of a province that are called 厅 where those of a city are called 局. */
const PROVINCIAL = /^(公安|交通运输|卫生|教育|司法|文化|民政|财政|商务|水利|科学技术|环境保护)局/;
const SUFFIXES = ['', '在线', '官方微博', '微博', '之窗', '直通车'];
const FORMER_SUFFIXES = ['的微博', '官微', '微博客', '新浪微博', '微平台'];

export interface Named {
  readonly screenName: string;
  readonly verifiedReason: string;
}

/** Gives every account a name of its own. */
export class Names {
  private readonly taken = new Set<string>();

  constructor(private readonly random: Random) {}

  reserve(name: string): void {
    this.taken.add(name);
  }

  agency(places: () => Place, sub: SubSector, level: string): Named & { place: Place } {
    for (let attempt = 0; ; attempt++) {
      const place = places();
      const suffix = SUFFIXES[Math.min(attempt >> 2, SUFFIXES.length - 1)] ?? '';
      const number = attempt < 4 * SUFFIXES.length ? '' : String(attempt - 4 * SUFFIXES.length + 2);
      const screenName = this.random.pick(sub.names).replace('{p}', place.short) + suffix + number;
      if (this.take(screenName)) return { screenName, verifiedReason: `${officeOf(sub, place, level)}官方微博`, place };
    }
  }

  official(place: Place, sub: SubSector, level: string): Named {
    const police = groupOf(sub.code) === 'PS' && level === 'L5';
    const title = this.random.pick(police ? POLICE_TITLES : (TITLES[level] ?? []));
    const prefixes = ['', '', police ? '警官' : sub.noun, isAbroadOrNational(place) ? '' : place.short];
    for (;;) {
      const person = this.person();
      const screenName = this.random.pick(prefixes) + person;
      if (this.take(screenName)) return { screenName, verifiedReason: `${officeOf(sub, place, level)}${title} ${person}` };
    }
  }

  /** A name that an account may have had before the one it has. */
  former({ screenName }: Attributes): string {
    const formers = this.random.shuffled(FORMER_SUFFIXES).map((suffix) => screenName + suffix);
    return formers.find((name) => this.take(name)) ?? screenName;
  }

  private person(): string {
    const { random } = this;
    return random.pick(SURNAMES) + random.pick(GIVEN) + random.pick(GIVEN);
  }

  private take(name: string): boolean {
    return !this.taken.has(name) && Boolean(this.taken.add(name));
  }
}

const isAbroadOrNational = ({ code }: Place): boolean => code === '99' || code === '00';

function officeOf({ noun, organ }: SubSector, place: Place, level: string): string {
  if (isAbroadOrNational(place)) return place.full + (place.code === '00' ? `${noun}部门` : '');
  const ofProvince = place.code.length === 2 && level === 'L3' && !place.full.endsWith('市');
  return place.full + (ofProvince ? organ.replace(PROVINCIAL, '$1厅') : organ);
}

/** Where an account of a level sits: departments of the province or its cities, offices of cities and counties, stations below. */
export function seatOf(province: Province, level: string, random: Random): { prefecture: Place | null; place: () => Place } {
  const city = province.prefectures.length > 0 ? random.pick(province.prefectures) : null;
  const belowCity = () => districtOf(city ?? province, random.pick(DISTRICTS));
  if (isAbroadOrNational(province) || level === 'L1' || level === 'L2') return { prefecture: null, place: () => province };
  const ofProvince = level === 'L3' && (city === null || random.chance(0.5));
  if (ofProvince) return { prefecture: province.prefectures[0] ?? null, place: () => province };
  if (level === 'L5' || city === null || (level === 'L4' && random.chance(0.3))) return { prefecture: city, place: belowCity };
  return { prefecture: city, place: () => city };
}
