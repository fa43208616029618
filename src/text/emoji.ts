/**
 * One emoji as a reader sees it (grapheme cluster), by the pattern of Unicode Technical Standard 51: a flag, a character that
 * is a picture by itself or by U+FE0F, with skin tone, tags, and whatever zero-width joiners tie to it.
 */
const DRESS = '(?:\\p{EMod}|\\uFE0F?\\u20E3|\\uFE0F|[\\u{E0020}-\\u{E007E}]{1,16}\\u{E007F})';
const FIRST = `(?:\\p{RI}\\p{RI}|(?!\\p{RI})\\p{Emoji_Presentation}(?!\\uFE0E)${DRESS}?|\\p{Emoji}${DRESS}|\\p{ExtPict}(?=\\u200D\\p{ExtPict}))`;
const EMOJI = new RegExp(`${FIRST}(?:\\u200D\\p{ExtPict}${DRESS}?)*`, 'uy');

/** End of the emoji that begins at `at`, or 0. */
export function emojiEnd(text: string, at: number): number {
  EMOJI.lastIndex = at;
  return EMOJI.test(text) ? EMOJI.lastIndex : 0;
}

/** Whether an emoji can begin with this code unit. Digits, # and * only begin keycaps, which `keycapStart` finds from their end. */
export const beginsEmoji = (unit: number): boolean =>
  unit > 0x7f && ((unit >= 0xd83c && unit <= 0xd83e) || /\p{Emoji}/u.test(String.fromCharCode(unit)));

/** U+20E3, the frame of a keycap emoji. */
export const KEYCAP = 0x20e3;

/** Where the keycap emoji whose frame is at `at` begins (`1️⃣`: two before), or -1 when it frames nothing. */
export function keycapStart(text: string, at: number): number {
  const start = text.charCodeAt(at - 1) === 0xfe0f ? at - 2 : at - 1;
  return start >= 0 && /[0-9#*]/.test(text[start]!) ? start : -1;
}
