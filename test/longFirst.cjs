const Sequencer = require('@jest/test-sequencer').default;

/** Suites that take half a minute and more, the longest first: what begins late and takes long keeps one worker waiting for the other. */
const LONG = [
  'numbers/anyQuestion',
  'schema/surface',
  'runner/killMatrix',
  'runner/night',
  'ingest/laws/fuzz',
  'numbers/sameFiles',
  'ingest/laws/together',
  'hardship/surroundings',
  'runner/several',
  'cli',
  'schema/realSets',
  'runner/audits',
  'ingest/laws/facts',
  'numbers/interactionsMarks',
  'hardship/readers',
  'hardship/restart',
  'runner/kill',
  'warehouse/import',
  'numbers/registries',
  'browser/graphiql',
  'ingest/laws/resume',
];
const rank = ({ path }) => {
  const index = LONG.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
  return index < 0 ? LONG.length : index;
};

/** The order of the suites: known long ones first, the others as Jest would have them. */
module.exports = class LongFirst extends Sequencer {
  sort(tests) {
    const order = super.sort(tests);
    return [...order].sort((a, b) => rank(a) - rank(b));
  }
};
