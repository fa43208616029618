/** A number and what it counts, for messages: `1 file`, `2 files`, `0 files`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
