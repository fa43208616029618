/** How organs of a sub-sector are called. `{p}` stands for the place. */
export interface SubSector {
  readonly code: string;
  /** Share within its group; invented, but for the order of the police services. */
  readonly weight: number;
  readonly noun: string;
  readonly organ: string;
  readonly names: readonly string[];
}

type Line = readonly [code: string, weight: number, noun: string, organ: string, names: string];

const LINES: readonly Line[] = [
  ['PS-POLICE', 62, '公安', '公安局', '平安{p} {p}公安 {p}警方'],
  ['PS-TRAFFIC', 17, '交警', '公安局交警支队', '{p}交警 {p}交通安全 {p}交警在线'],
  ['PS-FIRE', 11, '消防', '公安消防支队', '{p}消防 {p}消防119 {p}消防在线'],
  ['PS-BORDER', 4, '边防', '公安边防支队', '{p}边防 {p}边防警营 {p}出入境'],
  ['PS-NETPOLICE', 3, '网警', '公安局网络安全保卫支队', '{p}网警 {p}网警巡查 {p}网警在线'],
  ['PS-DRUG', 1, '禁毒', '禁毒委员会办公室', '{p}禁毒 {p}禁毒在线 {p}禁毒宣传'],
  ['PS-PLC', 2, '政法', '委政法委员会', '{p}政法 {p}政法在线 {p}长安'],
  ['JU-COURT', 40, '法院', '人民法院', '{p}法院 {p}法院在线 {p}审判'],
  ['JU-PROC', 32, '检察', '人民检察院', '{p}检察 {p}检察院 {p}检察在线'],
  ['JU-ADMIN', 24, '司法', '司法局', '{p}司法 {p}普法 {p}司法行政'],
  ['JU-PRISON', 4, '监狱', '监狱管理局', '{p}监狱 {p}社区矫正 {p}监狱在线'],
  ['PB-INFO', 45, '新闻办', '人民政府新闻办公室', '{p}发布 微博{p} {p}政务'],
  ['PB-PUB', 33, '宣传', '委宣传部', '{p}宣传 {p}之声 {p}微宣'],
  ['PB-EXT', 12, '外宣', '委对外宣传办公室', '{p}外宣 {p}对外宣传 魅力{p}'],
  ['PB-CIV', 10, '文明办', '精神文明建设办公室', '文明{p} {p}文明办 {p}文明网'],
  ['GO-GOV', 52, '政府', '人民政府办公室', '{p}政府 {p}在线 {p}政务微博'],
  ['GO-PARTY', 22, '党建', '委组织部', '{p}党建 {p}组工 {p}先锋'],
  ['GO-NPC', 5, '人大', '人大常委会办公室', '{p}人大 {p}人大在线 {p}人大代表之家'],
  ['GO-CPPCC', 6, '政协', '政协办公室', '{p}政协 {p}政协在线 {p}政协之声'],
  ['GO-CCDI', 6, '纪检监察', '纪律检查委员会', '{p}纪检 廉洁{p} {p}清风'],
  ['GO-HOT', 9, '热线', '12345热线办公室', '{p}12345 {p}热线 {p}市民热线'],
  ['YL-CYL', 78, '共青团', '团委', '{p}共青团 {p}团委 青春{p}'],
  ['YL-WOMEN', 8, '妇联', '妇女联合会', '{p}妇联 {p}女性 {p}巾帼'],
  ['YL-UNION', 8, '工会', '总工会', '{p}工会 {p}职工之家 {p}总工会'],
  ['YL-RC', 6, '红十字', '红十字会', '{p}红十字 {p}红会 {p}红十字会'],
  ['TR-ROAD', 60, '交通', '交通运输局', '{p}交通 {p}交通运输 {p}路况'],
  ['TR-METRO', 14, '公交', '公共交通管理处', '{p}公交 {p}地铁 {p}公交在线'],
  ['TR-RAIL', 14, '铁路', '铁路局', '{p}铁路 {p}火车站 {p}铁路在线'],
  ['TR-AIR', 12, '机场', '民用航空管理局', '{p}机场 {p}民航 {p}空港'],
  ['TO-TOUR', 72, '旅游', '旅游局', '{p}旅游 {p}旅游局 畅游{p}'],
  ['TO-CULT', 28, '文化', '文化局', '{p}文化 {p}文化馆 {p}体育'],
  ['HE-BUREAU', 48, '卫生', '卫生局', '{p}卫生 健康{p} {p}卫生局'],
  ['HE-HOSP', 38, '医院', '疾病预防控制中心', '{p}疾控 {p}血站 {p}人民医院'],
  ['HE-FDA', 14, '食药监', '食品药品监督管理局', '{p}食药监 {p}食品安全 {p}药监'],
  ['ED-EDU', 72, '教育', '教育局', '{p}教育 {p}教育局 {p}招考'],
  ['ED-SCI', 28, '科技', '科学技术局', '{p}科技 {p}科普 {p}知识产权'],
  ['EN-MET', 45, '气象', '气象局', '{p}气象 {p}天气 {p}气象台'],
  ['EN-ENV', 30, '环保', '环境保护局', '{p}环保 绿色{p} {p}环境'],
  ['EN-QUAKE', 9, '地震', '地震局', '{p}地震 {p}防震减灾 {p}地震局'],
  ['EN-WATER', 16, '水利', '水利局', '{p}水利 {p}林业 {p}农业'],
  ['EC-TAX', 30, '税务', '国家税务局', '{p}国税 {p}地税 {p}税务'],
  ['EC-AIC', 20, '工商', '工商行政管理局', '{p}工商 {p}消费维权 {p}12315'],
  ['EC-PRICE', 14, '物价', '物价局', '{p}物价 {p}发改 {p}价格'],
  ['EC-QUAL', 14, '质监', '质量技术监督局', '{p}质监 {p}海关 {p}检验检疫'],
  ['EC-FIN', 10, '财政', '财政局', '{p}财政 {p}统计 {p}审计'],
  ['EC-INV', 12, '商务', '商务局', '{p}商务 {p}招商 投资{p}'],
  ['MU-URBAN', 38, '城管', '城市管理局', '{p}城管 {p}城市管理 {p}城管在线'],
  ['MU-UTIL', 22, '市政', '市政公用局', '{p}市政 {p}供水 {p}路灯'],
  ['MU-CIVIL', 40, '民政', '民政局', '{p}民政 {p}人社 {p}住建'],
  ['FA-MFA', 0, '外交', '外交机构', '{p}外交 {p}领事 {p}公共外交'],
  ['FA-LOCAL', 1, '外事', '外事侨务办公室', '{p}外事 {p}侨务 {p}台办'],
  ['OT-OTHER', 1, '综合', '事业单位', '{p}服务 {p}便民 {p}通'],
];

export const SUB_SECTORS: ReadonlyMap<string, SubSector> = new Map(
  LINES.map(([code, weight, noun, organ, names]) => [code, { code, weight, noun, organ, names: names.split(' ') }]),
);

export function subSector(code: string): SubSector {
  const found = SUB_SECTORS.get(code);
  if (!found) throw new Error(`no sub-sector ${code}`);
  return found;
}

export const groupOf = (sector: string): string => sector.slice(0, 2);
export const subSectorsOf = (group: string): SubSector[] => [...SUB_SECTORS.values()].filter(({ code }) => groupOf(code) === group);
