import fc from 'fast-check';
import { featuresOf, type TextFeatures } from '../../src/text/features';
import { shipped } from './reading';

const DAY = '2021-06-01';
type Counts = Partial<Omit<TextFeatures, 'tokens' | 'category'>>;
const NOTHING = { questions: 0, mentions: 0, links: 0, hashtags: 0, slang: 0, emoticons: 0, formal: 0, informal: 0 };

/** What is counted in a text at some day, without words and category. */
function counts(text: string, day = DAY): Counts {
  const { tokens: _tokens, category: _category, ...rest } = featuresOf(text, day, shipped);
  return rest;
}

/** Counted by hand: text, and the counts that are not 0. */
const SIGNS: readonly (readonly [string, Counts])[] = [
  ['', {}],
  ['今天晴。', {}],
  // Mentions
  ['@平安北京 您好', { mentions: 1 }],
  ['转发@平安北京：注意安全', { mentions: 1 }],
  ['感谢@a_b-c9，@上海发布', { mentions: 2 }],
  ['请写信到 wen.ti@example.gov.cn 反映', {}],
  ['RT@whitehouse: hello', { mentions: 1 }],
  ['@ 平安北京', {}],
  ['@@平安北京', { mentions: 1 }],
  ['说得好//@甲:转//@乙:转', { mentions: 2 }],
  ['＠上海发布 早', { mentions: 1 }],
  ['@_-', {}],
  [`@${'京'.repeat(31)}`, { mentions: 1 }],
  // Links
  ['详情 http://t.cn/zOabcd1', { links: 1 }],
  ['http://t.cn/AAAAhttp://t.cn/BBBB', { links: 2 }],
  ['见t.cn/RabcD，或https://example.gov.cn/a?b=1&c=@x#y', { links: 2 }],
  ['http://example.com/?u=http://example.org/', { links: 1 }],
  ['cat.cn/x 和 bit-t.cn/x', {}],
  ['http://。', {}],
  ['看这里http://t.cn/abc？', { links: 1, questions: 1 }],
  ['http://example.com/a?b', { links: 1 }],
  ['See http://example.com/really?', { links: 1, questions: 1 }],
  // Hashtags
  ['#平安出行#路上小心', { hashtags: 1 }],
  ['#甲#乙#丙#', { hashtags: 2 }],
  ['##', {}],
  ['#话题', { hashtags: 1 }],
  ['###话题###', { hashtags: 1 }],
  ['＃话题＃早', { hashtags: 1 }],
  ['#MAGA and #KAG', { hashtags: 2 }],
  ['#Syria (#ISIS)', { hashtags: 2 }],
  ['#1 and &#39;', {}],
  ['【#甲#】【#乙#】', { hashtags: 2 }],
  ['# #', {}],
  ['#甲\n乙#', { hashtags: 1 }],
  // Emoticons
  ['好[哈哈][good]', { emoticons: 2 }],
  ['[图片][视频][组图共9张][2011][J][转]', {}],
  ['国发[2011]8号', {}],
  ['[给力]', { emoticons: 1 }],
  ['[这是一个太长的名字]', {}],
  ['【[赞]】[]', { emoticons: 1 }],
  ['👍🏽', { emoticons: 1 }],
  ['👨‍👩‍👧‍👦🇨🇳', { emoticons: 2 }],
  ['🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ ❤️‍🔥', { emoticons: 3 }],
  ['1️⃣ #️⃣ 3 *', { emoticons: 2 }],
  ['😀😀😀', { emoticons: 3 }],
  ['© ™ ★ ☆ →', {}],
  ['谢谢^_^ T_T', { emoticons: 2 }],
  ['LAST_TIME', {}],
  ['(*^__^*) @_@', { emoticons: 2 }],
  ['\u{1f1e8}', {}],
  // Questions
  ['你怎么看？', { questions: 1 }],
  ['？？？', { questions: 1 }],
  ['真的吗？？！？', { questions: 1 }],
  ['真的吗？[疑问]？', { questions: 1, emoticons: 1 }],
  ['是你?还是他?', { questions: 2 }],
  ['大家吃了吗。今天冷。', { questions: 1 }],
  ['大家吃了吗', { questions: 1 }],
  ['吗', {}],
  ['大家正忙着呢。', {}],
  ['这是为什么呢！', { questions: 1 }],
  ['吃的是什么，我不知道。', {}],
  ['【遇到骗子怎么办】请报警。', { questions: 1 }],
  ['您知道吗//@甲：不知道。', { questions: 1, mentions: 1 }],
  ['您知道吗[疑问]', { questions: 1, emoticons: 1 }],
  // Slang and style
  ['太给力了！', { slang: 1 }],
  ['给力给力', { slang: 2 }],
  ['@给力哥 http://t.cn/geili [给力]', { mentions: 1, links: 1, emoticons: 1 }],
  ['亲，驾照有木有？', { slang: 2, questions: 1 }],
  ['父亲，您好。亲手做的。', {}],
  ['HOLD住！Hold住！hold住！', { slang: 3 }],
  ['为警察打call，打CALL！', { slang: 2 }],
  ['orz ORZ orzabc Sanskrit', { slang: 2 }],
  ['萌芽、卖萌、呆萌', { slang: 2 }],
  ['#神马都是浮云#', { hashtags: 1, slang: 2 }],
  ['No zuo no die', { slang: 1 }],
  ['特此公告。', { formal: 1 }],
  ['现将有关情况通报如下', { formal: 2 }],
  ['根据规定，依法予以处罚', { formal: 3 }],
  ['来啦，好呀！咱们走', { informal: 3 }],
  ['哈尔滨', {}],
];

describe('signs and style, counted by hand', () => {
  test.each(SIGNS)('%j', (text, expected) => expect(counts(text)).toEqual({ ...NOTHING, ...expected }));
});

describe('words, counted by hand', () => {
  test.each([
    ['', 0],
    ['，。！？……', 0],
    ['南京市长江大桥', 2],
    ['今天 天气 很好。', 4],
    ['3.14 和 2011', 3],
    ['hello, world', 2],
    ['información pública', 2],
    ['cafe\u0301 au lait', 3],
    ['Привет мир', 2],
    ['@平安北京 http://t.cn/abc [哈哈] 😀 ^_^', 0],
    ['[图片]你好', 1],
    ['#春运#开始', 2],
    ['1️⃣', 0],
    ['𠀀', 1],
  ])('%j has %i', (text, words) => expect(featuresOf(text, DAY, shipped).tokens).toBe(words));
});

describe('a term counts from its day on', () => {
  test.each([
    ['给力', '2009-12-31', '2010-01-01'],
    ['hold住', '2011-08-08', '2011-08-09'],
    ['洪荒之力', '2016-08-07', '2016-08-08'],
  ])('%s', (term, before, since) => {
    expect([counts(`真${term}！`, before).slang, counts(`真${term}！`, since).slang]).toEqual([0, 1]);
  });

  test('a term that is not yet in use does not hide a shorter one within it', () => {
    // 小伙伴们 is of 2011, the phrase of 2013; 囧rz is older than 囧.
    expect(counts('囧rz', '2007-06-01').slang).toBe(1);
    expect(counts('小伙伴们都惊呆了', '2012-06-01').slang).toBe(1);
    expect(counts('小伙伴们都惊呆了', '2014-06-01').slang).toBe(1);
  });

  test('formal markers are of all times', () => expect(counts('特此公告', '1999-01-01').formal).toBe(1));
});

describe('any string is a text', () => {
  const PIECES = ['@', '＠', '#', '＃', '[', ']', '【', '】', '《', '》', '?', '？', '吗', '呢', 'http://', 't.cn/', 'h', 't.', '哈', '😀', '\u200d', '\ufe0f', '\u20e3', '1', '\ud83d', '\udc68', '\ud800', '\0', '\n', '给力', '你', '请', '^_^', 'T_T', '//@', '回复@', 'a', 'é', '\u0301', '预警']; // prettier-ignore
  const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((parts) => parts.join('')), fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 }).map((units) => String.fromCharCode(...units))); // prettier-ignore

  test('it is read without an error, to whole numbers, and always the same', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const features = featuresOf(text, DAY, shipped);
        const { category, ...numbers } = features;
        expect(Object.values(numbers).every((number) => Number.isInteger(number) && number >= 0 && number <= text.length)).toBe(true);
        expect(category).toMatch(/^[A-Z]+$/);
        expect(featuresOf(text, DAY, shipped)).toEqual(features);
      }),
      { numRuns: 1500 },
    );
  });

  test('texts on lines of their own add up', () => {
    // A question mark behind a question without a word between is not another question, nor does a tag pair with the next line.
    const lines = fc.constantFrom(
      '今天给力！',
      '@甲 好吗？',
      '#春运#开始啦',
      '[哈哈]根据规定',
      'http://t.cn/abc 你好',
      '😀谢谢^_^',
      '依法处理。',
    );
    fc.assert(
      fc.property(lines, lines, (first, second) => {
        const [a, b, both] = [first, second, `${first}\n${second}`].map((text) => counts(text)) as [Counts, Counts, Counts];
        expect(both).toEqual(
          Object.fromEntries(Object.keys(NOTHING).map((key) => [key, a[key as keyof Counts]! + b[key as keyof Counts]!])),
        );
      }),
    );
  });
});

describe('time grows with the length of the text, not faster', () => {
  const SHORT = 6_000;
  const LONG = 60_000;
  // Once for all: the dictionary is read at the first text.
  beforeAll(() => featuresOf('早', DAY, shipped));
  const PATTERNS = ['哈', '@', '#', '＃a', '#a', '[', '[a', '?', '？', 'h', 'http://', 'http://a', 't.cn/', 'http://a?', '😀', '👨\u200d', '\u200d', '\ud83d', '1\ufe0f\u20e3', '【', '【a', '《', '《a', '你', '请', '你？', '吗', '吗。', '呢，', '给力', '^', '(*^', 'no zuo ', 'é', '，', '-', '_', '.', '!', '0', 'a', ' ', '\n', '欢迎', '预警发布', '地震5级']; // prettier-ignore

  test.each(PATTERNS)('%j again and again', (piece) => {
    const timeOf = (length: number): number => {
      const text = piece.repeat(length / piece.length);
      const start = performance.now();
      featuresOf(text, DAY, shipped);
      return performance.now() - start;
    };
    timeOf(SHORT);
    // A quadratic pass over 60,000 characters takes seconds; ten times the text may take thirty times as long on a busy machine.
    expect(timeOf(LONG)).toBeLessThan(Math.max(1_000, 30 * timeOf(SHORT)));
  });
});
