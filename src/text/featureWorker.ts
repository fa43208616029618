import { parentPort, workerData } from 'node:worker_threads';
import { featuresOf } from './features';
import { packed, type DatedTexts } from './featureThread';
import { textRules, type RuleRows } from './rules';

// The other side of `FeatureThread`.

const { lexicon, contentRules, categories } = workerData as RuleRows;
const rules = textRules(lexicon, contentRules, categories);

parentPort!.on('message', ({ texts, days }: DatedTexts) => {
  const answer = packed(texts.map((text, index) => featuresOf(text, days[index]!, rules)));
  parentPort!.postMessage(answer, [answer.counts.buffer as ArrayBuffer]);
});
