declare module 'jstat' {
  /** The part of jStat that is used here. */
  export const jStat: { readonly studentt: { inv(probability: number, degreesOfFreedom: number): number } };
}
