import { openHistogram, writeMetrics } from '../../src/export/prometheus';
import { parseMetrics } from './prometheusText';

describe('metrics as text', () => {
  it('is what the description of the format says, to the letter', () => {
    expect(
      writeMetrics([
        {
          name: 'a_total',
          help: 'First\nline \\ "second"',
          type: 'counter',
          samples: [{ value: 2 ** 53 }, { labels: { path: 'C:\\x "y"\nz' }, value: 0.1 }],
        },
        { name: 'nothing', help: 'Left out.', type: 'gauge', samples: [] },
        {
          name: 'h_seconds',
          help: 'H.',
          type: 'histogram',
          distributions: [{ labels: { cube: '微博' }, bounds: [0.1, 1], counts: [2, 0, 1], sum: 3.5 }],
        },
      ]),
    ).toBe(
      [
        '# HELP a_total First\\nline \\\\ "second"',
        '# TYPE a_total counter',
        'a_total 9007199254740992',
        'a_total{path="C:\\\\x \\"y\\"\\nz"} 0.1',
        '# HELP h_seconds H.',
        '# TYPE h_seconds histogram',
        'h_seconds_bucket{cube="微博",le="0.1"} 2',
        'h_seconds_bucket{cube="微博",le="1"} 2',
        'h_seconds_bucket{cube="微博",le="+Inf"} 3',
        'h_seconds_sum{cube="微博"} 3.5',
        'h_seconds_count{cube="微博"} 3',
        '',
      ].join('\n'),
    );
  });

  it('comes back through a strict reader, whatever stands in the labels', () => {
    const texts = ['', '"', '\\', '\n', '\\n', '{}', 'a,b="c"', '中文 \u2028'];
    const samples = texts.map((text, index) => ({ labels: { text, other: 'x' }, value: index - 0.5 }));
    const read = parseMetrics(writeMetrics([{ name: 'x', help: 'X.', type: 'gauge', samples }]));
    expect(read).toEqual([{ name: 'x', help: 'X.', type: 'gauge', samples: samples.map((one) => ({ ...one, name: 'x' })) }]);
  });

  it.each([
    ['a sample of nothing that was declared', 'a 1\n'],
    ['no line break at the end', '# HELP a A.\n# TYPE a gauge\na 1'],
    ['the same sample twice', '# HELP a A.\n# TYPE a gauge\na 1\na 2\n'],
    ['an open quote', '# HELP a A.\n# TYPE a gauge\na{b="c} 1\n'],
    ['a quote that is not escaped', '# HELP a A.\n# TYPE a gauge\na{b="c"d"} 1\n'],
    ['a number that is none', '# HELP a A.\n# TYPE a gauge\na one\n'],
    ['buckets that fall', '# HELP a A.\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n'],
    ['buckets without an end', '# HELP a A.\n# TYPE a histogram\na_bucket{le="1"} 1\na_sum 1\na_count 1\n'],
    ['a count that is not that of the last bucket', '# HELP a A.\n# TYPE a histogram\na_bucket{le="+Inf"} 1\na_sum 1\na_count 2\n'],
  ])('the reader would notice %s', (_, text) => {
    expect(() => parseMetrics(text)).toThrow();
  });
});

it('a histogram counts what it is shown, by its labels; a bound belongs to its bucket', () => {
  const histogram = openHistogram([1, 10]);
  for (const value of [0, 1, 1.001, 10, 11, 1000]) histogram.observe({ door: 'csv' }, value);
  histogram.observe({ door: 'json' }, 5);
  const [csv, json] = histogram.distributions();
  expect([csv!.labels, csv!.counts, csv!.sum]).toEqual([{ door: 'csv' }, [2, 2, 2], 1023.001]);
  expect([json!.labels, json!.counts, json!.sum]).toEqual([{ door: 'json' }, [0, 1, 0], 5]);
});
