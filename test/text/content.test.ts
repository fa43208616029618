import { featuresOf } from '../../src/text/features';
import { CATEGORIES, RULES, shipped } from './reading';

/** Invented posts, and what a reader would call them. */
const POSTS: Readonly<Record<string, readonly string[]>> = {
  REPLY: [
    '回复@山里人：您说的路灯已经修好了。',
    '//@小城居民: 这条路什么时候通车？',
    '@小城居民 您好，请把身份证号私信给我们。',
    '您反映的楼下烧烤摊噪音问题，城管部门已经核实，今晚去现场处理。',
  ],
  REBUTTAL: [
    '【辟谣】网上说城南水厂停水三天是假的，供水正常。',
    '近日网传人民路发生抢劫，经核实，此消息不属实。',
    '请大家不信谣、不传谣，以官方发布为准。',
  ],
  EMERGENCY: [
    '市气象台18时发布暴雨橙色预警，预计未来三小时雨量超过50毫米。',
    '今天8时12分，青石县发生4.6级地震，震源深度10千米。',
    '【城东一仓库起火】消防车已经到场，没有人员被困。',
    '上游洪峰今晚过境，沿江居民正在紧急转移。',
  ],
  RECRUITMENT: [
    '【招聘】区档案馆招聘讲解员两名。',
    '市公安局今年招录民警120名，本周六起网上填表。',
    '志愿者招募：图书馆周末需要引导员十名。',
  ],
  POLICY: [
    '《青石市养犬管理条例》今天公布，明年1月1日起施行。',
    '【新规解读】电动车上牌有什么变化',
    '关于垃圾分类的办法向社会征求意见，为期一个月。',
  ],
  EVENT: [
    '有奖问答：转发本条，抽奖送博物馆门票。',
    '【图文直播】市长走进直播间谈河道治理',
    '欢迎广大市民周六上午前来参加消防站体验日。',
    '本周日在文化宫有一场书法讲座。',
  ],
  SERVICE: [
    '【出行提示】环城路南段明起封闭，请绕行。',
    '今天夜间到明天，多云转小雨，最低气温8度。',
    '受雾影响，二号线末班车延后十分钟。',
    '办理护照请带身份证和照片，办公时间为周一至周五。',
  ],
  QUESTION: ['【公园要不要建围墙，你怎么看？】', '新公交站牌您看得清吗？', '门前的树该不该移？说说你的看法。'],
  CHAT: ['早安，新的一天从微笑开始。', '祝大家新年快乐！', '【夜读】走得慢的人，只要不停下来，也比停住的人走得快。'],
  BULLETIN: ['【南湖大桥今日合龙】大桥全长两公里，三年建成。', '市政府昨天召开会议，研究学校布局。', '【通报】三名司机酒后驾车被查处。'],
  OTHER: ['呵呵。', '一二三四五', 'Nice to meet you', ''],
};

describe.each(Object.entries(POSTS))('%s', (category, posts) => {
  test.each(posts)('%s', (post) => expect(featuresOf(post, '2011-12-12', shipped).category).toBe(category));
});

test('every category is tried, with three posts at least, and every rule belongs to one', () => {
  expect(Object.keys(POSTS).sort()).toEqual(CATEGORIES.map(({ code }) => code).sort());
  expect(Object.values(POSTS).every((posts) => posts.length >= 3)).toBe(true);
  expect([...new Set(RULES.map(({ category }) => category)), 'OTHER'].sort()).toEqual(Object.keys(POSTS).sort());
});

test('a category does not hang on the day of the post', () => {
  for (const post of Object.values(POSTS).flat())
    expect(featuresOf(post, '2003-01-01', shipped).category).toBe(featuresOf(post, '2024-01-01', shipped).category);
});
