/** Every limit of a question, with its meaning: served by `dataset { limits }` and documented in README.md. */
export const LIMITS = {
  defaultRows: { value: 10_000, help: 'Rows an answer may have when the question gives no limit; more is refused, never cut off.' },
  maxRows: { value: 50_000, help: 'Rows one answer may have; page with limit and offset for more.' },
  maxOffset: { value: 1_000_000, help: 'Rows a question may skip.' },
  maxFilterValues: { value: 1_000, help: 'Values in one list of a filter.' },
  maxConditions: { value: 100, help: 'Conditions in one `where`.' },
  maxConditionDepth: { value: 5, help: 'Levels of `and`, `or` and `not` within each other.' },
  maxPeriods: { value: 50, help: 'Named periods in the calendar of a question.' },
  maxWindow: { value: 366, help: 'Buckets in the window of a rolling value.' },
  maxGroups: {
    value: 20_000_000,
    help: 'Groups that a question may make, as estimated before it runs, whatever page of them is returned.',
  },
  maxFields: { value: 64, help: 'Fields in one question.' },
  maxCubesPerRequest: { value: 10, help: 'Cube fields in one GraphQL document.' },
} as const;
