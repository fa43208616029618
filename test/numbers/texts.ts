/** A text with what a person counts in it. What is not named is 0, and the category OTHER. */
export interface CountedText {
  readonly postedAt: string;
  readonly text: string;
  readonly characters: number;
  readonly tokens: number;
  readonly questions?: number;
  readonly mentions?: number;
  readonly links?: number;
  readonly hashtags?: number;
  readonly slang?: number;
  readonly emoticons?: number;
  readonly formal?: number;
  readonly informal?: number;
  readonly category?: string;
}

/** One a day, of one account of the traps, counted by hand by the words of the codebook. */
export const TEXTS: readonly CountedText[] = [
  // 正能量 is slang from 2012 on: one second apart, in Beijing.
  { postedAt: '2011-12-31T23:59:59+08:00', text: '传递正能量', characters: 5, tokens: 2 },
  { postedAt: '2012-01-01T00:00:00+08:00', text: '传递正能量', characters: 5, tokens: 2, slang: 1 },
  // One hand with its skin tone, and a code; 注意安全 is one word of the dictionary, and a term of the rule SERVICE-6.
  {
    postedAt: '2012-05-01T10:00:00+08:00',
    text: '北京下雨👍🏽[哈哈]，注意安全',
    characters: 15,
    tokens: 3,
    emoticons: 2,
    category: 'SERVICE',
  },
  // Three question marks are one question; the second has none.
  { postedAt: '2012-05-02T10:00:00+08:00', text: '你知道？？？真的吗', characters: 9, tokens: 4, questions: 2, category: 'QUESTION' },
  {
    postedAt: '2012-05-03T10:00:00+08:00',
    text: '@平安北京 @上海发布 http://t.cn/zOabcd1',
    characters: 31,
    tokens: 0,
    mentions: 2,
    links: 1,
  },
  { postedAt: '2012-05-04T10:00:00+08:00', text: '#平安出行#路上小心', characters: 10, tokens: 4, hashtags: 1 },
  { postedAt: '2012-05-05T10:00:00+08:00', text: '特此通知，严禁酒后驾车', characters: 11, tokens: 4, formal: 2 },
  { postedAt: '2012-05-06T10:00:00+08:00', text: '好啊，咱们一起', characters: 7, tokens: 4, informal: 2 },
  { postedAt: '2012-05-07T10:00:00+08:00', text: '', characters: 0, tokens: 0 },
  { postedAt: '2012-05-08T10:00:00+08:00', text: '【台风预警】发布台风橙色预警', characters: 14, tokens: 6, category: 'EMERGENCY' },
  { postedAt: '2012-05-09T10:00:00+08:00', text: '围观杯具，给力！', characters: 8, tokens: 3, slang: 3 },
  // 70 characters are not short; 69 are, though each takes two units of UTF-16.
  { postedAt: '2012-05-10T10:00:00+08:00', text: '。'.repeat(70), characters: 70, tokens: 0 },
  { postedAt: '2012-05-11T10:00:00+08:00', text: '😀'.repeat(69), characters: 69, tokens: 0, emoticons: 69 },
];
