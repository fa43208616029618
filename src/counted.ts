/** A number and what it counts, for messages: `1 file`, `2 files`, `0 files`. */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
