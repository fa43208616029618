import type { Day } from '../model/time';
import { isAsciiWord } from './characters';
import { beginsEmoji, emojiEnd, KEYCAP, keycapStart } from './emoji';
import { codeEnd, linkEnd, mentionEnd, tagEnd, topicEnd } from './platformSigns';

/** A kaomoji and the day from which it counts. */
export interface Kaomoji {
  readonly term: string;
  readonly since: Day;
}

/** What a scan looks for at each code unit: the signs of the platforms, and kaomoji by their first code unit, the longest first. */
export interface SignIndex {
  readonly signs: Uint8Array;
  readonly kaomoji: ReadonlyMap<number, readonly Kaomoji[]>;
}

/** What one pass over a text finds, and the prose that remains for the segmenter. */
export interface Scan {
  readonly mentions: number;
  readonly links: number;
  readonly hashtags: number;
  readonly emoticons: number;
  /** The text with each link, mention, emoticon, emoji and kaomoji replaced by a space, or by a line end where a repost chain (`//@`) starts. */
  readonly prose: string;
}

const NONE = 0;
const AT = 1;
const HASH = 2;
const BRACKET = 3;
const LINK_H = 4;
const LINK_T = 5;
const EMOJI = 6;
const FRAME = 7;
/** A kaomoji may begin here, beside what the lower bits say. */
const FACE = 8;

const platformSigns = new Uint8Array(0x10000).map((_, unit) => {
  const character = String.fromCharCode(unit);
  if (character === '@' || character === '＠') return AT;
  if (character === '#' || character === '＃') return HASH;
  if (character === '[') return BRACKET;
  if (character === 'h' || character === 'H') return LINK_H;
  if (character === 't' || character === 'T') return LINK_T;
  if (unit === KEYCAP) return FRAME;
  return beginsEmoji(unit) ? EMOJI : NONE;
});

/** The platforms' signs with these kaomoji. */
export function signIndex(faces: readonly Kaomoji[]): SignIndex {
  const signs = platformSigns.slice();
  const kaomoji = new Map<number, Kaomoji[]>();
  for (const face of [...faces].sort((a, b) => b.term.length - a.term.length)) {
    const unit = face.term.charCodeAt(0);
    signs[unit]! |= FACE;
    kaomoji.set(unit, [...(kaomoji.get(unit) ?? []), face]);
  }
  return { signs, kaomoji };
}

/** Finds the signs of a text from left to right; what one sign covers is not looked at again, except the words of a topic. */
export function scan(text: string, day: Day, { signs, kaomoji }: SignIndex): Scan {
  let mentions = 0;
  let links = 0;
  let hashtags = 0;
  let emoticons = 0;
  let prose = '';
  let copied = 0;
  let closing = -1;
  const cut = (from: number, to: number, by = ' '): number => {
    prose += text.slice(copied, from) + by;
    return (copied = to);
  };

  let at = 0;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    const sign = signs[unit]!;
    if (sign === NONE) {
      at += 1;
      continue;
    }
    const face = sign >= FACE ? kaomojiEnd(text, at, day, kaomoji.get(unit)!) : 0;
    if (face > 0) {
      emoticons += 1;
      at = cut(at, face);
      continue;
    }
    let end = 0;
    switch (sign & ~FACE) {
      case AT:
        end = mentionEnd(text, at);
        if (end > 0) {
          mentions += 1;
          cut(at, end, text.charCodeAt(at - 1) === SLASH && text.charCodeAt(at - 2) === SLASH ? '\n' : ' ');
        }
        break;
      case HASH:
        if (at === closing) break;
        end = topicEnd(text, at);
        if (end > 0) closing = end - 1;
        if (end > 0 || tagEnd(text, at) > 0) hashtags += 1;
        // The words of a topic are words of the text.
        end = 0;
        break;
      case BRACKET: {
        const code = codeEnd(text, at);
        if (code) {
          if (code.pictured) emoticons += 1;
          end = cut(at, code.end);
        }
        break;
      }
      case LINK_H:
      case LINK_T:
        if (!mayBeLink(text, at)) break;
        end = linkEnd(text, at);
        if (end > 0) {
          links += 1;
          cut(at, end);
        }
        break;
      case EMOJI:
        end = emojiEnd(text, at);
        if (end > 0) {
          emoticons += 1;
          cut(at, end);
        }
        break;
      case FRAME: {
        const start = keycapStart(text, at);
        if (start >= copied) {
          emoticons += 1;
          end = cut(start, at + 1);
        }
        break;
      }
    }
    at = end > 0 ? end : at + 1;
  }
  return { mentions, links, hashtags, emoticons, prose: copied === 0 ? text : prose + text.slice(copied) };
}

const SLASH = 47;

/** `ht` or `t.`: letters are many, links are few. */
function mayBeLink(text: string, at: number): boolean {
  const second = text.charCodeAt(at + 1) | 32;
  return (text.charCodeAt(at) | 32) === 104 ? second === 116 : text.charCodeAt(at + 1) === 46;
}

function kaomojiEnd(text: string, at: number, day: Day, candidates: readonly Kaomoji[]): number {
  for (const { term, since } of candidates) {
    if (since > day || !text.startsWith(term, at)) continue;
    const end = at + term.length;
    // T_T is no face in LAST_TIME.
    if (joined(text.charCodeAt(at - 1), text.charCodeAt(at)) || joined(text.charCodeAt(end - 1), text.charCodeAt(end))) continue;
    return end;
  }
  return 0;
}

const joined = (left: number, right: number): boolean => isPart(left) && isPart(right);
const isPart = (unit: number): boolean => isAsciiWord(unit) || unit === 95;
