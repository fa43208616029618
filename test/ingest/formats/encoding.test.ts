import { join } from 'node:path';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { encodingOf } from '../../../src/ingest/encoding';
import { folderOf } from '../loading';

const encodingOfBytes = (bytes: Buffer): string => encodingOf(join(folderOf({ file: bytes }), 'file'));
const POSTS = 'id,bid,正文\n1,a,广州市公安局提醒：天冷了，出门记得添衣。\n2,b,“平安甲市”发布今日路况。\n3,c,早安！🙂\n';

test.each([
  ['ASCII', Buffer.from('id,text\n1,hello\n'), 'utf-8'],
  ['nothing', Buffer.alloc(0), 'utf-8'],
  ['UTF-8', Buffer.from(POSTS), 'utf-8'],
  ['UTF-8 with a mark', Buffer.from(`\uFEFF${POSTS}`), 'utf-8'],
  ['a mark alone', Buffer.from('\uFEFF'), 'utf-8'],
  ['GB 18030', iconv.encode(POSTS, 'gb18030'), 'gb18030'],
  ['GBK', iconv.encode(POSTS.replace('🙂', ''), 'gbk'), 'gb18030'],
  ['UTF-16, little end first', iconv.encode(POSTS, 'utf-16le', { addBOM: true }), 'utf-16le'],
  ['UTF-16, big end first', iconv.encode(POSTS, 'utf-16be', { addBOM: true }), 'utf-16be'],
  ['accented letters of Latin 1', Buffer.from('id,text\n1,d\xe9put\xe9 \xe0 Gen\xe8ve\n', 'latin1'), 'utf-8'],
  ['an accented letter in UTF-8', Buffer.from('id,text\n1,député à Genève\n'), 'utf-8'],
])('%s is told', (_, bytes, encoding) => expect(encodingOfBytes(bytes)).toBe(encoding));

test('UTF-8 with some broken bytes stays UTF-8, although GB 18030 would have a character for nearly every pair of them', () => {
  // Each line is an even number of bytes without ASCII in between, and one of its characters is cut short.
  const line = Buffer.concat([Buffer.from('平安甲市公安局提醒').subarray(0, -1), Buffer.from('天冷了出门记得添衣\n')]);
  const bytes = Buffer.concat([Buffer.from('正文\n'), ...Array.from({ length: 50 }, () => line)]);
  expect(bytes.toString('utf8').split('\uFFFD')).toHaveLength(51);
  expect(encodingOfBytes(bytes)).toBe('utf-8');
});

test('a character that the end of the sample cuts in two is no broken one', () => {
  for (const [encoding, character] of [
    ['utf-8', '微'],
    ['utf-8', '🙂'],
    ['gb18030', '早'],
    ['gb18030', '🙂'],
  ] as const)
    // prettier-ignore
    for (const shift of [0, 1, 2, 3]) {
      const content = 'x'.repeat(shift) + character.repeat(300_000);
      expect(encodingOfBytes(iconv.encode(`${content.repeat(2)}\n`, encoding))).toBe(encoding);
    }
  // One character alone, cut by the end of the sample, decides nothing.
  for (const cut of [1, 2]) expect(encodingOfBytes(Buffer.from(`${'x'.repeat(1_048_576 - cut)}微微微\n`))).toBe('utf-8');
});

test('text of the Chinese of every day is told from its bytes, whatever it says', () => {
  const sentence = fc.array(fc.constantFrom(...'的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取完举色'), { minLength: 4, maxLength: 60 }); // prettier-ignore
  fc.assert(
    fc.property(fc.array(sentence, { minLength: 1, maxLength: 5 }), (lines) => {
      const text = `id,正文内容\n${lines.map((line, index) => `${index},${line.join('')}。\n`).join('')}`;
      expect(encodingOfBytes(Buffer.from(text))).toBe('utf-8');
      expect(encodingOfBytes(iconv.encode(text, 'gb18030'))).toBe('gb18030');
    }),
    { numRuns: 60 },
  );
});
