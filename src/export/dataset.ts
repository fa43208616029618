/** How the whole is named and described wherever it is served. */
export const DATASET = {
  title: 'Govblog: government micro-blog accounts and posts',
  publisher: 'Govblog',
  description:
    'Fact tables of government micro-blog accounts and posts by day, region, sector, administrative level and account type, with the history of every account and the sources of every reference figure.',
  /** Appended to the title, and said in every answer, when the snapshot holds generated data. */
  syntheticNote: 'synthetic demo data: generated, calibrated on published totals, not observed',
} as const;
