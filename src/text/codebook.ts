import type { TextFeatures } from './features';

/** What one feature of a text means and how it is counted. */
export interface FeatureEntry {
  readonly name: keyof TextFeatures;
  readonly label: string;
  readonly labelZh: string;
  readonly unit: string;
  /** Says exactly what counts. */
  readonly description: string;
  /** Measures, claims and sources that ask for it, separated by semicolons. */
  readonly source: string;
}

/** All features of a text, in the order in which `featuresOf` gives them. */
export const FEATURES: readonly FeatureEntry[] = [
  {
    name: 'questions',
    label: 'Questions',
    labelZh: '疑问句数',
    unit: 'questions',
    description:
      'Question marks (？ or ?), of which those without a word between them are one, and sentences without a question mark that end in 吗 or 么, ' +
      'in 呢 when the sentence also has an interrogative word (什么, 怎么, 谁, 哪里 …), or in 怎么办, 怎么看, 好不好, 对不对, 行不行, 是不是, 能不能, 可不可以. ' +
      'A sentence ends at 。．.！!；;…~～, at 】」』, at a line end and at the end of the text. Question marks within links do not count.',
    source: 'C14;RESP-06',
  },
  {
    name: 'mentions',
    label: 'Mentions',
    labelZh: '@提及数',
    unit: 'mentions',
    description:
      '@ (or ＠) and 1 to 30 letters, digits, _ or - behind it, whether or not an account of that name exists; repost chains (//@name) count. Mail addresses do not.',
    source: 'C14;RESP-06',
  },
  {
    name: 'links',
    label: 'Links',
    labelZh: '链接数',
    unit: 'links',
    description: 'Addresses that begin with http:// or https://, and t.cn/… without either. Nothing within a link counts as anything else.',
    source: 'A06',
  },
  {
    name: 'hashtags',
    label: 'Hashtags',
    labelZh: '话题数',
    unit: 'hashtags',
    description:
      'Topics between two number signs on one line (#话题#, 1 to 60 characters, no link; ＃ is a number sign), and #word where the sign has no partner. ' +
      'Every occurrence counts. The words of a topic are words of the text.',
    source: 'A06',
  },
  {
    name: 'slang',
    label: 'Slang',
    labelZh: '网络用语数',
    unit: 'hits',
    description:
      'Occurrences of terms of kind slang of lexicon.csv that were in use on the day of the post. A term begins and ends where segments do; of terms that overlap ' +
      'the first and longest counts; Latin letters match in either case and as whole words. Mentions, links and emoticon codes are not searched.',
    source: 'STY-01;C15b',
  },
  {
    name: 'emoticons',
    label: 'Emoticons',
    labelZh: '表情数',
    unit: 'emoticons',
    description:
      'Codes of 1 to 8 letters or digits in square brackets ([哈哈]), except numbers, single Latin letters, placeholders ([图片], [组图共9张] …) and marks of editors ([转] …); ' +
      'emoji, each as its reader sees it (skin tone, joined families and flags are one; characters that are text by default count with U+FE0F); kaomoji of lexicon.csv.',
    source: 'STY-03;C15b',
  },
  {
    name: 'formal',
    label: 'Formal markers',
    labelZh: '公文用语数',
    unit: 'hits',
    description: 'Occurrences of terms of kind formal of lexicon.csv, counted as slang is.',
    source: 'STY-02;C13b;C24',
  },
  {
    name: 'informal',
    label: 'Informal markers',
    labelZh: '口语用语数',
    unit: 'hits',
    description:
      'Occurrences of terms of kind informal of lexicon.csv, counted as slang is; slang is not among them. Formality is (formal - informal) / tokens.',
    source: 'STY-02;C13b;C24',
  },
  {
    name: 'tokens',
    label: 'Words',
    labelZh: '词数',
    unit: 'words',
    description:
      'Segments with a letter or digit, by the segmenter jieba with its dictionary, the Chinese terms of lexicon.csv and its hidden Markov model. Links, mentions and ' +
      'emoticons are taken out before. A word in letters beyond ASCII of a script that is written with spaces is one; an apostrophe divides words.',
    source: 'STY-02',
  },
  {
    name: 'category',
    label: 'Content category',
    labelZh: '内容类别',
    unit: 'code',
    description:
      'Category of the first rule of content_rules.csv that holds, by priority: one of its terms occurs (as slang is found, at any day, terms may overlap), its pattern ' +
      'matches the text, and what it excludes does not; OTHER where none holds. The rules are not validated against coding by hand.',
    source: 'CONT-01;C07a',
  },
];
