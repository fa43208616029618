import type { DemoAccount } from './account';
import type { Random } from './random';
import { sentencesOf } from './sentences';
import { groupOf, subSector } from './subsectors';

/** Share of short bulletins, which passed-on posts raise to 30% of all; the rest uses up to the 140 characters that the platform allows. */
const SHORT = 0.26;
const SHORT_RANGE = { least: 30, most: 69 };
const LONG_RANGE = { least: 70, most: 140 };
const RUMOURS_OF = new Set(['PS', 'PB', 'HE', 'EN']);

const QUESTIONS = ['大家怎么看？', '你觉得呢？', '您有什么建议？', '你会怎么做？', '你家附近有这样的情况吗？'];
const SLANG = ['给力！', '亲，记得转发哦。', '有木有？', '亲们，走起！', '你懂的。', '伤不起啊！', '太给力了有木有！'];
const EMOTICONS = ['[微笑]', '[太阳]', '[鼓掌]', '[good]', '[爱你]', '[威武]', '[给力]'];
const HASHTAGS = ['#微博问政#', '#民生关注#', '#{p}新闻#', '#平安出行#', '#政务微博#', '#{p}身边事#'];
const RUMOURS = [
  '近日网传“{p}停水三天”的消息纯属谣言，请不信谣、不传谣。',
  '【辟谣】网传{p}发生抢孩子事件，经警方核实为不实信息，请勿转发。',
  '【辟谣】关于食盐短缺的说法是谣言，{p}市场供应充足，请勿抢购。',
];
const CLOSINGS = ['请大家相互转告。', '详情请关注我们的微博。', '欢迎留言。', '谢谢大家的支持。', '我们在您身边。', '@网友 说说您的看法。'];
const GREETING = '大家好，{s}今天正式开通微博，今后将在这里发布{o}信息，听取意见和建议，欢迎关注。';
const REPOST_WORDS = [
  '转发。',
  '请大家留意，转给身边的人。',
  '说得好！',
  '值得一看。',
  '扩散，帮帮忙。',
  '这个提醒很及时，{p}的朋友也注意一下。',
];

/** A made-up post of at least 30 and at most 140 characters. */
export function postText(account: DemoAccount, random: Random, first: boolean): string {
  const group = groupOf(account.attributes.sector);
  const { titles, bodies } = sentencesOf(group);
  const range = random.chance(SHORT) ? SHORT_RANGE : LONG_RANGE;
  const wanted = range.least + random.int(range.most - range.least + 1);
  const filled = (text: string) => fill(text, account, random);

  let text = filled(
    first ? GREETING : random.chance(RUMOURS_OF.has(group) ? 0.03 : 0.005) ? random.pick(RUMOURS) : opening(titles, random),
  );
  const add = (piece: string) => {
    if (text.length + piece.length <= range.most) text += piece;
  };
  for (const body of random.shuffled(bodies)) if (text.length < wanted) add(filled(body));
  if (random.chance(0.12)) add(random.pick(QUESTIONS));
  if (random.chance(group === 'YL' || group === 'TO' ? 0.2 : 0.09)) add(random.pick(SLANG));
  if (random.chance(0.15)) add(random.pick(EMOTICONS));
  for (const closing of random.shuffled(CLOSINGS)) if (text.length < range.least) add(closing);
  return text;
}

/** What an account adds to a post of somebody else that it passes on. */
export function repostText(account: DemoAccount, random: Random): string {
  const body = random.pick(sentencesOf(groupOf(account.attributes.sector)).bodies);
  const text = fill(`${random.pick(REPOST_WORDS)}//@热心网友${random.int(10_000)}：${body}`, account, random);
  return text.length < 30 ? `${text}${random.pick(CLOSINGS)}欢迎大家一起关注。` : text;
}

const opening = (titles: readonly string[], random: Random): string =>
  (random.chance(0.2) ? random.pick(HASHTAGS) : '') + (random.chance(0.6) ? `【${random.pick(titles)}】` : '');

const fill = (text: string, { place, attributes }: DemoAccount, random: Random): string =>
  text.replace(/\{.\}/g, (slot) => {
    if (slot === '{p}') return place;
    if (slot === '{s}') return attributes.screenName;
    return slot === '{o}' ? subSector(attributes.sector).noun : String(2 + random.int(60));
  });
