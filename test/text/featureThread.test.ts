import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { projectPath } from '../../src/paths';
import { featuresOf } from '../../src/text/features';
import { FeatureThread } from '../../src/text/featureThread';
import { textRules, type ContentCategoryRow, type ContentRuleRow, type LexiconRow } from '../../src/text/rules';

const WORKER = projectPath('dist', 'src', 'text', 'featureWorker.js');
const table = <R>(name: string): R[] => parse(readFileSync(projectPath('seeds', 'reference', name)), { bom: true, columns: true });
const rules = textRules(
  table<LexiconRow>('lexicon.csv'),
  table<ContentRuleRow>('content_rules.csv'),
  table<ContentCategoryRow>('content_categories.csv'),
);
const TEXTS = [
  '【通报】今日起实行新规，特此公告。',
  '亲，给力吗？@平安北京 #天气# http://t.cn/abc [哈哈]',
  '',
  '\ud800 👩‍👩‍👧',
  '辟谣：网传消息不实',
];

test('another thread makes the same features, batch after batch and in order', async () => {
  // `npm test` builds first.
  expect(existsSync(WORKER)).toBe(true);
  const thread = FeatureThread.open(rules, WORKER)!;
  const days = TEXTS.map((_, index) => `2011-0${index + 1}-01`);
  const asked = Array.from({ length: 20 }, (_, turn) => thread.featuresOf({ texts: TEXTS.slice(turn % 3), days: days.slice(turn % 3) }));
  const expected = TEXTS.map((text, index) => featuresOf(text, days[index]!, rules));
  for (const [turn, features] of (await Promise.all(asked)).entries()) expect(features).toEqual(expected.slice(turn % 3));
  await thread.close();
  await expect(thread.featuresOf({ texts: ['x'], days: ['2011-01-01'] })).rejects.toThrow('has ended');
});

test('where there is no compiled worker, there is no thread', () => {
  expect(FeatureThread.open(rules, projectPath('src', 'text', 'featureWorker.js'))).toBeNull();
});
