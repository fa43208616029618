/**
 * Words that an organ of state, a mass organisation or a news house goes on with after the short name of its place: `广州公安`,
 * `上海发布`. Without one of them a short name is not read as a place, so that `南京路` or `北京现代汽车` tell nothing.
 */
const WORDS = [
  '公安|警方|警察|警务|警营|警官|警花|巡警|民警|交警|特警|刑侦|消防|边防|边检|出入境|网安|网络安全|禁毒|反诈|政法|长安网|维稳|国家安全',
  '法院|法官|审判|中级|高级|中院|高院|检察|司法|普法|法制|法治|监狱|戒毒|社区矫正',
  '发布|新闻|宣传|之声|微宣|外宣|对外|文明|网信|互联网',
  '政府|政务|政协|人民|人大|党建|党委|党工委|党员|党史|党校|组织|组工|先锋|纪委|纪检|纪律|廉洁|廉政|清风|信访|12345|热线|市民|机关|编办|在线|便民|服务|档案|管委会',
  '共青团|团委|团[省市区县州]委|青年|青联|学联|妇联|妇女|女性|巾帼|工会|总工会|职工|红十字|红会|残联|残疾|科协|文联|侨联|工商联',
  '交通|公路|高速|路况|运管|港航|海事|地铁|轨道|公交|铁路|火车|机场|民航|空港|航空|邮政',
  '旅游|文化|文旅|文广|文物|体育|图书馆|博物馆|美术馆|科技馆|广电|广播|电视台|日报|晚报|晨报|早报|都市报',
  '卫生|卫健|卫计|健康|疾病|疾控|血站|血液|献血|急救|医保|医疗保障|妇幼|食品|食药|药监|药品|药械',
  '教育|教委|招生|招考|考试院|自考|科技|科学技术|科普|知识产权|专利',
  '气象|天气|环保|环境|生态|绿化|园林|地震|防震|应急|安监|安全生产|救援|防汛|水利|水务|水文|林业|农业|农委|农村|渔业|畜牧|海洋|粮食',
  '税务|国税|地税|工商|市场监|市监|消费|消协|12315|物价|价格|发改|发展|质监|质量|技术监督|海关|检验检疫|国检|财政|审计|统计|商务|招商|投资|经信|工信|经济|国资|工业|金融|银监|证监|保监|分行|支行|中心支行|烟草|调查总?队',
  '城管|城市管理|市容|城建|建委|市政|供水|供电|供气|燃气|自来水|路灯|民政|人社|人力资源|人事|社保|社会保险|就业|劳动|住建|住房|房产|房管|公积金|规划|国土|自然资源|退役军人|人才|乡村振兴|民族|宗教|民宗',
  '外事|外交|侨务|侨办|港澳|台办|领事|生产建设兵团|总队|支队|管理局|监督局|委员会|办公室|办公厅',
].join('|');

/** What shows that the characters after a short name belong to a longer name of something else: a county, a street, a university. */
const ELSE =
  '区|县|镇|乡(?!村振兴)|旗|州|市|村|岛|站|人(?![民社力大才事])|话|菜|籍|大学|大道|道(?![里外])|大街|大桥|大厦|大酒店|事务|银行|理工|师范|医科|财经|工业(?![和与])|科技大学|交通大学|西路|东路';

const BETWEEN = `(?!${ELSE})[^路街\\s]{1,4}?`;
/**
 * Whether what follows the short name of a place shows that an organ of the place or of a district or county within it is meant; at most
 * four characters may come between.
 */
export const FOLLOWS_SHORT_NAME = new RegExp(
  `^(?:$|(?!${ELSE})(?:${WORDS})|${BETWEEN}(?:${WORDS})|${BETWEEN}(?<![社小景园校军战地])[区县旗])`,
  'u',
);
/** The same with nothing in between: the organ is one of the place itself, not of a part of it. */
export const ORGAN_FOLLOWS = new RegExp(`^(?:$|(?:${WORDS}))`, 'u');
/** After a word such as `平安` a name may end in a few characters of its own (`平安北京朝阳`). */
export const FOLLOWS_AFTER_OPENING = new RegExp(`^(?!${ELSE})[^路街\\s]{0,4}$`, 'u');
