import { didYouMean } from './suggest';

/** Under what others may use data. */
export interface Licence {
  /** Identifier of SPDX, such as `CC-BY-4.0`; null for terms that have an address alone. */
  readonly name: string | null;
  readonly title: string;
  readonly url: string;
}

const CC = 'https://creativecommons.org/licenses';
const KNOWN: Readonly<Record<string, readonly [title: string, url: string]>> = {
  'CC0-1.0': ['Creative Commons Zero 1.0', 'https://creativecommons.org/publicdomain/zero/1.0/'],
  'CC-BY-4.0': ['Creative Commons Attribution 4.0', `${CC}/by/4.0/`],
  'CC-BY-SA-4.0': ['Creative Commons Attribution-ShareAlike 4.0', `${CC}/by-sa/4.0/`],
  'CC-BY-NC-4.0': ['Creative Commons Attribution-NonCommercial 4.0', `${CC}/by-nc/4.0/`],
  'CC-BY-NC-SA-4.0': ['Creative Commons Attribution-NonCommercial-ShareAlike 4.0', `${CC}/by-nc-sa/4.0/`],
  'CC-BY-ND-4.0': ['Creative Commons Attribution-NoDerivatives 4.0', `${CC}/by-nd/4.0/`],
  'CC-BY-NC-ND-4.0': ['Creative Commons Attribution-NonCommercial-NoDerivatives 4.0', `${CC}/by-nc-nd/4.0/`],
  'ODbL-1.0': ['Open Data Commons Open Database License 1.0', 'https://opendatacommons.org/licenses/odbl/1-0/'],
  'ODC-By-1.0': ['Open Data Commons Attribution License 1.0', 'https://opendatacommons.org/licenses/by/1-0/'],
  'PDDL-1.0': ['Open Data Commons Public Domain Dedication and License 1.0', 'https://opendatacommons.org/licenses/pddl/1-0/'],
  MIT: ['MIT License', 'https://opensource.org/license/mit'],
};

/** The synthetic demo data are a part of this program, and are licensed as it is. */
export const DEMO_LICENCE: Licence = { name: 'MIT', title: `${KNOWN['MIT']![0]} (synthetic demo data)`, url: KNOWN['MIT']![1] };

/** A licence in one line. */
export const licenceText = ({ title, url }: Licence): string => `${title}, ${url}`;

/** The licence that a setting names: an SPDX identifier of the list, or the address of terms. A string says what is wrong with it. */
export function licenceNamed(text: string): Licence | string {
  const name = Object.keys(KNOWN).find((one) => one.toLowerCase() === text.toLowerCase());
  if (name !== undefined) return { name, title: KNOWN[name]![0], url: KNOWN[name]![1] };
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return { name: null, title: 'Terms of use', url: text };
  const names = Object.keys(KNOWN);
  return `it takes the address of your terms, https://…, or one of: ${names.join(', ')}.${didYouMean(text, names)}`;
}
