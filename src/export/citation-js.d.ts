// The packages ship without types; this is the part that is used.
declare module '@citation-js/core' {
  export class Cite {
    constructor(data: unknown);
    format(format: string, options: object): string;
  }
}
declare module '@citation-js/plugin-csl';
declare module '@citation-js/plugin-bibtex';
