import { isAsciiWord } from './characters';

/**
 * The signs that platforms put meaning into: links, @mentions, #topics#, [emoticon codes]. Each function tells where the
 * sign that begins at `at` ends, or 0 when none begins there. None looks further than a bound ahead, so a scan is linear.
 */

// Two links may stand side by side; inside one, another begins only as its parameter.
const LINK = /https?:\/\/[A-Za-z0-9](?:(?!(?<![=/?&])https?:\/\/)[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%])*/iy;
const SHORT_LINK = /(?:https?:\/\/)?t\.cn\/(?:(?!https?:)[A-Za-z0-9])+/iy;

/** A link: `http://`, `https://`, or Weibo's short `t.cn/…` also without them. Punctuation at its end is not part of it. */
export function linkEnd(text: string, at: number): number {
  SHORT_LINK.lastIndex = at;
  if (SHORT_LINK.test(text)) return isBare(text, at) && /[A-Za-z0-9.@-]/.test(text[at - 1] ?? '') ? 0 : SHORT_LINK.lastIndex;
  LINK.lastIndex = at;
  if (!LINK.test(text)) return 0;
  let end = LINK.lastIndex;
  while (".,;:!?'()[]".includes(text[end - 1]!)) end -= 1;
  return end;
}

/** Without `http://`, the name of another host may end in t.cn. */
const isBare = (text: string, at: number): boolean => (text.charCodeAt(at) | 32) === 116;

const MENTION = /[@＠](?=[_-]{0,29}[\p{L}\p{N}])[\p{L}\p{M}\p{N}_-]{1,30}/uy;
const MAIL_DOMAIN = /@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,5}\.[A-Za-z]{2}/y;

/** A mention: @ and up to 30 letters, digits, _ or -, and no mail address. */
export function mentionEnd(text: string, at: number): number {
  MENTION.lastIndex = at;
  if (!MENTION.test(text)) return 0;
  const end = MENTION.lastIndex;
  if (!isAsciiWord(text.charCodeAt(at - 1))) return end;
  MAIL_DOMAIN.lastIndex = at;
  return MAIL_DOMAIN.test(text) ? 0 : end;
}

const TOPIC = /[#＃](?!\s|\uFE0F|\u20E3)([^#＃\n\r]{1,60})(?<![\s([{（&])[#＃]/uy;
const TAG = /[#＃](?=[\p{N}_]{0,60}\p{L})[\p{L}\p{M}\p{N}_]{1,100}/uy;
const BEFORE_TAG = /[\p{L}\p{M}\p{N}_&/]/u;

/** A topic between two number signs, as on Weibo: the end is behind the second sign. */
export function topicEnd(text: string, at: number): number {
  TOPIC.lastIndex = at;
  const topic = TOPIC.exec(text)?.[1];
  return topic === undefined || topic.includes('://') ? 0 : TOPIC.lastIndex;
}

/** `#word` as on Twitter: at least one letter, and no letter, digit, _, & or / before it. */
export function tagEnd(text: string, at: number): number {
  if (at > 0 && BEFORE_TAG.test(text[at - 1]!)) return 0;
  TAG.lastIndex = at;
  return TAG.test(text) ? TAG.lastIndex : 0;
}

const CODE = /\[([\p{L}\p{N}_]{1,8})\]/uy;
/** What pages and crawlers write in brackets for something that is not in the text, and marks of editors. */
const PLACEHOLDER =
  /^(?:\p{N}+|[A-Za-z_]|图片|查看图片|视频|链接|网页链接|位置|地图|语音|文件|表情|动画表情|全文|展开全文|原文|原图|附图|长图|组图|组图共\d+张|长微博|超话|原创|转|转发|转载|完|注|详情|详细|更多|置顶)$/u;

/** A bracketed code; `pictured` tells whether it stands for an emoticon. */
export function codeEnd(text: string, at: number): { readonly end: number; readonly pictured: boolean } | null {
  CODE.lastIndex = at;
  const name = CODE.exec(text)?.[1];
  return name === undefined ? null : { end: CODE.lastIndex, pictured: !PLACEHOLDER.test(name) };
}
