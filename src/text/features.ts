import type { Day } from '../model/time';
import { categoryOf } from './content';
import type { TextRules } from './rules';
import { scan } from './scan';
import { termHits } from './terms';
import { countWords } from './words';

/** What is counted in one text; `FEATURES` (codebook.ts) says of each how. */
export interface TextFeatures {
  readonly questions: number;
  readonly mentions: number;
  readonly links: number;
  readonly hashtags: number;
  readonly slang: number;
  readonly emoticons: number;
  readonly formal: number;
  readonly informal: number;
  readonly tokens: number;
  /** Code of content_categories.csv. */
  readonly category: string;
}

/**
 * The features of one text. Pure: equal text, day and version of the rules give equal features. Takes time in proportion to the
 * length of the text, and any string is a text.
 *
 * @param day local day of the post: a term of the lexicon counts from its day on.
 */
export function featuresOf(text: string, day: Day, rules: TextRules): TextFeatures {
  const { mentions, links, hashtags, emoticons, prose } = scan(text, day, rules.signs);
  const segments = rules.segment(prose);
  const { tokens, questions } = countWords(segments);
  const hits = termHits(segments, day, rules.terms);
  return {
    questions,
    mentions,
    links,
    hashtags,
    slang: hits.slang,
    emoticons,
    formal: hits.formal,
    informal: hits.informal,
    tokens,
    category: categoryOf(text, hits.rules, rules.content),
  };
}
