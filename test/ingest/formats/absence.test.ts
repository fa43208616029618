import { absenceOf } from '../../../src/ingest/formats/absence';

test.each([
  ['抱歉，由于作者设置，你暂时没有这条微博的查看权限哦。查看帮助：\n \n网页链接\n ', 'HIDDEN', 'AUTHOR'],
  ['抱歉，根据作者设置的微博可见时间范围，此微博已不可见。', 'HIDDEN', 'AUTHOR'],
  ['抱歉，作者已设置仅展示半年内微博，此微博已不可见。', 'HIDDEN', 'AUTHOR'],
  ['抱歉，此微博已被作者删除。查看帮助：http://t.cn/x', 'DELETED', 'AUTHOR'],
  ['该微博已被作者删除', 'DELETED', 'AUTHOR'],
  ['该微博已被删除', 'DELETED', 'UNKNOWN'],
  ['抱歉，此微博已被删除。', 'DELETED', 'UNKNOWN'],
  ['微博不存在或已被删除', 'DELETED', 'UNKNOWN'],
  ['target weibo does not exist!', 'DELETED', 'UNKNOWN'],
  ['该微博因被多人投诉，根据《微博社区公约》，已被删除。', 'DELETED', 'PLATFORM'],
  ['此微博因违规已被管理员删除', 'DELETED', 'PLATFORM'],
  ['该微博因被多人投诉', 'HIDDEN', 'PLATFORM'],
  ['根据相关法律法规和政策，该内容不予显示', 'HIDDEN', 'PLATFORM'],
  ['该账号因被投诉违反法律法规和《微博社区公约》的相关规定，现已无法查看。', 'HIDDEN', 'PLATFORM'],
  ['抱歉，此微博不适宜对外公开。', 'HIDDEN', 'PLATFORM'],
  ['Permission Denied!', 'HIDDEN', 'PLATFORM'],
  ['你没有权限查看', 'HIDDEN', 'UNKNOWN'],
  ['该微博暂时无法查看', 'HIDDEN', 'UNKNOWN'],
])('%j says that a post is %s, by %s', (text, status, actor) => expect(absenceOf(text)).toEqual({ status, actor }));

test.each(['', '早安', '转发微博', '微博', `${'今天的新闻很长。'.repeat(30)}该微博已被删除`])('%j is no notice', (text) =>
  expect(absenceOf(text)).toBeNull(),
);
