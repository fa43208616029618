/** What the files of a snapshot hold that the model of the cubes does not say. */
interface TableDoc {
  readonly title: string;
  readonly description: string;
  readonly key: readonly string[];
  /** Columns that only this table has, or that mean something of their own in it. */
  readonly columns: Readonly<Record<string, string>>;
}

const ASSIGNED = 'Why the value is what it is: the rule, source or decision that it comes from.';
const DAY = 'Day as text, `2011-12-31`';

/** Columns that several dimension tables share. */
export const SHARED_COLUMNS: Readonly<Record<string, string>> = {
  account_key: 'Key of the account in every table: the first 53 bits of sha256(platform:account_id).',
  account_type: 'Code of the account type: `dim_account_type`.',
  code: 'Code, as facts and answers carry it.',
  confidence: 'How sure the row is, as its compiler judged it.',
  id: 'Id of the rule.',
  level: 'Code of the administrative level: `dim_level`.',
  name: 'English name.',
  name_zh: 'Chinese name.',
  note: 'Remark.',
  parent_code: 'Code of what it is part of; null at the top.',
  pattern: 'Regular expression that must match.',
  excludes: 'Regular expression that must not match.',
  platform: 'Code of the platform: `dim_platform`.',
  prefecture: 'Code of the prefecture-level unit: `dim_region`.',
  priority: 'Rules are tried in this order.',
  region: 'Code of the province-level unit: `dim_region`.',
  sector: 'Code of the sector: `dim_sector`.',
  source: 'Where it comes from: codes of `dim_source`, or a remark.',
  verified_type: "The platform's code of the verification: `dim_verified_type`.",
};

export const DIMENSION_TABLES: Readonly<Record<string, TableDoc>> = {
  dim_account: {
    title: 'Accounts',
    description: 'One row per account that anything is known of.',
    key: ['account_key'],
    columns: {
      account_id: 'Id of the account on its platform, as text.',
      opened_on: `${DAY}: when the account opened; null where no source tells.`,
      first_post_on: `${DAY}: its first known post.`,
      last_post_on: `${DAY}: its last known post.`,
      first_observed_on: `${DAY}: the first evidence of the account.`,
      last_observed_on: `${DAY}: the last evidence of the account.`,
    },
  },
  dim_account_version: {
    title: 'Versions of accounts',
    description: 'One row per account and span of days in which its attributes were the same (slowly changing dimension, type 2).',
    key: ['account_key', 'valid_from'],
    columns: {
      valid_from: `${DAY}: the first day of the span.`,
      valid_to: `${DAY}: the first day after the span.`,
      screen_name: 'Name of the account in that span.',
      verified: 'Whether the platform had verified the account.',
      verified_reason: "The platform's text of the verification.",
      account_type_by: ASSIGNED,
      region_by: ASSIGNED,
      prefecture_by: ASSIGNED,
      sector_by: ASSIGNED,
      level_by: ASSIGNED,
    },
  },
  dim_region: {
    title: 'Regions',
    description: 'One row per province-level or prefecture-level unit, by its code.',
    key: ['code'],
    columns: {
      kind: '`province`, `prefecture`, or `special` for what lies outside them.',
      iso_3166_2: 'Code of ISO 3166-2.',
      nbs_region: 'Grouping of provinces by the National Bureau of Statistics.',
      geo_region: 'One of the seven geographic regions.',
    },
  },
  dim_sector: { title: 'Sectors', description: 'One row per sector or group of sectors.', key: ['code'], columns: {} },
  dim_level: {
    title: 'Administrative levels',
    description: 'One row per administrative level.',
    key: ['code'],
    columns: { cadre_rank: 'Rank of its cadres.', units: 'Units of the level at the end of 2011.' },
  },
  dim_account_type: { title: 'Account types', description: 'One row per kind of account.', key: ['code'], columns: {} },
  dim_verified_type: {
    title: 'Verification types',
    description: 'One row per verification code of a platform.',
    key: ['code'],
    columns: {},
  },
  dim_content_category: {
    title: 'Content categories',
    description: 'One row per category of content.',
    key: ['code'],
    columns: { description: 'What belongs to the category.' },
  },
  dim_content_rule: {
    title: 'Rules of content categories',
    description: 'One row per rule; the first that fits a post decides its category.',
    key: ['id'],
    columns: { category: 'Category that the rule gives: `dim_content_category`.', terms: 'Terms of the lexicon that the text must have.' },
  },
  dim_lexicon: {
    title: 'Lexicon',
    description: 'One row per word and kind: what is counted as slang, as formal or as informal.',
    key: ['kind', 'term'],
    columns: {
      term: 'The word.',
      kind: 'What the word is counted as.',
      since: `${DAY} from which the word counts.`,
      meaning: 'What it means.',
    },
  },
  dim_account_rule: {
    title: 'Rules of assignment',
    description: 'One row per rule by which type, region, sector and level of accounts are assigned.',
    key: ['id'],
    columns: {
      attribute: 'Attribute that the rule gives.',
      confidence: 'How sure the rule is, 0 to 1, as text.',
      field: 'What the pattern is matched with.',
      value: 'Value that the rule gives.',
      when_account_type: 'The rule holds for these account types alone.',
      when_verified_type: 'The rule holds for these verification codes alone.',
    },
  },
  dim_platform: {
    title: 'Platforms',
    description: 'One row per micro-blog service.',
    key: ['code'],
    columns: {
      time_zone: 'Zone in which its days are cut, by its name in the IANA database.',
      likes_since: `${DAY} since when posts can be liked; null: always.`,
      synthetic: 'Whether its data are generated.',
    },
  },
  dim_indicator: {
    title: 'Indicators',
    description: 'One row per region, indicator and year: denominators such as population.',
    key: ['region_code', 'indicator', 'year'],
    columns: {
      region_code: 'Code of the region: `dim_region`.',
      indicator: 'What is measured.',
      year: 'Year of the figure.',
      value: 'The figure, in its unit.',
      unit: 'Unit of the figure.',
    },
  },
  dim_source: {
    title: 'Sources',
    description: 'One row per source that reference figures name.',
    key: ['code'],
    columns: {
      code: 'Code by which tables name the source.',
      reference: 'Bibliographic reference.',
      kind: 'Kind of source.',
      what_was_read: 'What of it was read.',
    },
  },
};

/** Columns of fact tables that are neither a dimension nor what a measure is made of. */
export const FACT_COLUMNS: Readonly<Record<string, string>> = {
  day: 'Day in the local time of the platform.',
  account_key: SHARED_COLUMNS['account_key']!,
  post_id: 'Id of the post on its platform, as text.',
  interaction_id: 'Id of the comment on its platform, as text.',
  formal: 'Words of the text that the lexicon counts as formal.',
  informal: 'Words of the text that the lexicon counts as informal.',
};

/** Columns of fact tables whose values together are never repeated: an audit of each partition. */
export const FACT_KEYS: Readonly<Record<string, readonly string[]>> = {
  activity: ['account_key', 'day'],
  posts: ['platform', 'post_id'],
  interactions: ['platform', 'interaction_id'],
};
