/** A rule of content analysis, ready to be tried. */
export interface ContentRule {
  readonly category: string;
  readonly pattern: RegExp | null;
  readonly excludes: RegExp | null;
  /** The rule asks for one of its terms. */
  readonly hasTerms: boolean;
}

/** Category of a post that no rule knows. */
export const OTHER_CATEGORY = 'OTHER';

/**
 * Category of the first rule that holds: one of its terms occurs, its pattern matches the text as it was written, and what it
 * excludes does not match. `hits` are the positions of the rules whose terms occur.
 */
export function categoryOf(text: string, hits: ReadonlySet<number>, rules: readonly ContentRule[]): string {
  for (const [position, rule] of rules.entries()) {
    if (rule.hasTerms && !hits.has(position)) continue;
    if (rule.pattern && !rule.pattern.test(text)) continue;
    if (rule.excludes?.test(text)) continue;
    return rule.category;
  }
  return OTHER_CATEGORY;
}
