import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import { projectPath } from '../../src/paths';
import { jiebaWith, segmenterWith } from '../../src/text/segmenter';
import { Random } from '../../seeds/demo/random';

const WORDS = ['给力', '打call', '打CALL', '0元购', '神马'];
const { jieba } = jiebaWith(WORDS);
const segment = segmenterWith(WORDS);

/** The texts that are divided otherwise than by jieba, which is asked for each as a whole. */
const differing = (texts: Iterable<string>): string[] =>
  [...texts].filter((text) => JSON.stringify(segment(text)) !== JSON.stringify(jieba.cut(text, true)));

test('the words of whatever is written in this repository are those of jieba', () => {
  const files = globSync(['docs/**/*.md', 'seeds/**/*.{csv,ts}', 'test/{text,ingest,numbers}/**/*.ts', 'src/{text,ingest,model}/**/*.ts'], {
    cwd: projectPath('.'),
    ignore: ['**/node_modules/**'],
  });
  const lines = new Set(files.flatMap((file) => readFileSync(projectPath(file), 'utf8').split('\n')));
  expect(lines.size).toBeGreaterThan(10_000);
  expect(differing(lines)).toEqual([]);
});

test('so are those of words in any order, and of characters, letters and signs between them', () => {
  const words = readFileSync(require.resolve('@node-rs/jieba/dict.txt'), 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[0]!)
    .filter((word) => word !== '');
  const others = [
    ...'的一是在不了我也就人年月日时0123456789abcXYZ+#&._%- ，。！？：“”《》（）【】［］\t\r\n\u3000\u00a0éñ한ひカ々〇㐀豈Ａ１①😀𠀀🇨🇳',
  ].concat(WORDS, '\r\n');
  const random = new Random(7, 0);
  const texts = Array.from({ length: 6_000 }, () =>
    Array.from({ length: 1 + random.int(12) }, () => random.pick(random.chance(0.4) ? words : others)).join(''),
  );
  expect(differing(texts)).toEqual([]);
});

test.each([
  ['一二三四五六七八九十', '2011年10月3日上午9时，他叫葛文耀', 'A股5G手机AT&T卡拉OK，3.14%'],
  ['也是', '2也是', '也是x', '了我一', 'abc了我一def', '0元购元购'],
  ['', ' ', '\r\n\r\r\n', '，', 'a', '的'],
])('and of %j, %j …', (...texts) => {
  expect(differing(texts)).toEqual([]);
});

test('a text of a million characters takes no more than its length, and half a character is a segment', () => {
  const long = '政务微博在一了我也是2011年'.repeat(60_000);
  expect(segment(long)).toHaveLength(segment(long.slice(0, long.length / 60_000)).length * 60_000);
  expect(segment('好\ud83d，').join('')).toHaveLength(3);
});
