import fc from 'fast-check';
import { decodeEntities, plainText } from '../../src/ingest/html';

test.each([
  ['plain text', '平安甲市，早安 #话题#', '平安甲市，早安 #话题#'],
  ['signs that are no tags', '1 < 2 & 3', '1 < 2 & 3'],
  ['signs before Chinese and digits', '若<中国>好<3 & AT&T', '若<中国>好<3 & AT&T'],
  ['breaks', '一<br>二<br/>三<br />四<BR>五', '一\n二\n三\n四\n五'],
  ['links and spans', '<a href="//weibo.com/n/x" usercard="id=1">@某人</a>：<span class="x">好</span>', '@某人：好'],
  ['a face', '好<img alt="[微笑]" src="//face.png" style="width:1em" />。<img alt=[赞]><img src=x>', '好[微笑]。[赞]'],
  ['a face with an entity in its name', '<img alt="a&lt;b&amp;lt;c">', 'a<b&lt;c'],
  ['scripts and styles', '一<script>if (a < b) "</b>"</script>二<style>p > a {}</style>三', '一二三'],
  ['a script that never ends', '一<script>二', '一'],
  ['comments', '一<!-- <b>二</b> -->三', '一三'],
  ['a > in an attribute', '<a title="1>2">三</a>', '三'],
  ['entities, once', '&lt;b&gt; &amp;lt; &quot;&#39;&#x4e2d;&hellip;&nbsp;|', '<b> &lt; "\'中…\u00a0|'],
  ['entities between tags', '<i>&lt;</i>b<i>&gt;</i>', '<b>'],
  ['what only looks like an entity', 'a?x=1&lt=2&copy=3 &nosuch; R&D;', 'a?x=1&lt=2&copy=3 &nosuch; R&D;'],
  ['characters without width, and white space', 'a\u200b<b>\ufeffb</b>\r\n  c\t', 'a\u200b\ufeffb\r\n  c\t'],
  ['a tag that was cut off', '全文<a href="http', '全文<a href="http'],
  ['a comparison at the end', '若a<b 则c', '若a<b 则c'],
  ['a closing tag without its opening one', '一</script></b>二', '一二'],
  ['the end of a tag that was cut off', '一</', '一</'],
  ['upper case', '<SCRIPT>x</SCRIPT><IMG ALT="[好]">', '[好]'],
  ['nothing', '', ''],
])('%s', (_, html, text) => expect(plainText(html)).toBe(text));

test('entities without tags are decoded, tags are left alone', () => {
  expect(decodeEntities('<b> &amp;amp; &lt;i&gt; AT&T &#128512; &#0; &#xD800;')).toBe('<b> &amp; <i> AT&T 😀 \ufffd \ufffd');
});

const SIGNS = fc.constantFrom(
  ...'<>/!-?="\'& ab;#x1\n'.split(''),
  ...['<br>', '<b>', '</b>', '<script>', '</script>', '<style>', '<!--', '-->', '<img alt="', '&lt;', '&amp;', '&#60;', '<![CDATA[', '中', '\u200b'],
); // prettier-ignore

test('nothing makes it throw, and it adds nothing', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(SIGNS, { maxLength: 30 }).map((list) => list.join('')),
      ),
      (html) => {
        expect(plainText(html).length).toBeLessThanOrEqual(html.length);
      },
    ),
    { numRuns: 5_000 },
  );
});

test('text that is escaped and put between tags comes back', () => {
  const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary-ascii' })), (parts) => {
      expect(plainText(parts.map((part) => `<a href="x">${escape(part)}</a>`).join('<br>'))).toBe(parts.join('\n'));
    }),
  );
});

test('time grows with the length, and no faster', () => {
  const time = (html: string): number => {
    const start = performance.now();
    plainText(html);
    return performance.now() - start;
  };
  for (const unit of ['<', '<a ', '<!--', '&amp', '</b', '<img alt="', '<div>', '<script>', '<a <br>', '&lt;', '<b></b>']) {
    time(unit.repeat(10_000));
    // A quadratic reader takes seconds for these; the bound is far above what a busy machine needs.
    expect(time(unit.repeat(200_000 / unit.length))).toBeLessThan(500);
  }
});
