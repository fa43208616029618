import { CUBES } from '../../../src/model';
import { TIME_GRAINS, type Cube } from '../../../src/model/define';
import { BOUNDS, COMBINATIONS, isCombination, type Question, type Where } from '../../../src/query/question';
import { checksOf } from './sweep';

/** What questions have asked so far, to be held against what the model has. */
export class Covered {
  private readonly seen = new Map<string, number>();

  /** Counts what a question is made of; answers with rows count for more than answers without. */
  add(question: Question, rows: number): void {
    const { cube, fields, having, attribution, fill, calendar, offset, orderBy } = question;
    const grouped = fields.filter((field) => !field.includes('.'));
    const kinds = fields.filter((field) => field.includes('.')).map((field) => field.split('.').slice(0, -1).join('.').replace(/\d+/, 'n'));
    const parts = [
      ...grouped.map((field) => `field ${field}`),
      ...pairs(grouped),
      ...kinds.map((kind) => `derived ${kind}`),
      ...saidBy(question.where ?? {}).map((check) => `where ${check}`),
      ...Object.values(having ?? {}).flatMap((bounds) => Object.keys(bounds!).map((bound) => `having ${bound}`)),
      ...(orderBy?.map(({ direction }) => `orderBy ${direction}`) ?? []),
      ...[attribution && 'CURRENT', fill && 'ZERO', calendar && 'calendar', offset && 'offset'].flatMap((part) => part || []),
    ];
    if (rows > 0) for (const part of new Set(parts)) this.seen.set(`${cube} ${part}`, (this.seen.get(`${cube} ${part}`) ?? 0) + 1);
  }

  /** What of a cube no question with an answer has asked for: every measure by every dimension and grain, every operator. */
  missing(cube: Cube): string[] {
    const measures = Object.keys(cube.measures);
    const known = (measure: string, dimension: string): boolean => cube.measures[measure]!.kind !== 'rate' || dimension !== 'prefecture';
    const wanted = [
      ...TIME_GRAINS.map((grain) => `field ${grain}`),
      ...measures.flatMap((measure) => [
        ...Object.keys(cube.dimensions).filter((dimension) => known(measure, dimension)).map((dimension) => `${dimension} ${measure}`),
        ...TIME_GRAINS.map((grain) => `${grain} ${measure}`),
      ]),
      ...checksOf(cube).map(([name, operator]) => `where ${name}${name === '' ? '' : '.'}${operator}`),
    ]; // prettier-ignore
    return wanted.filter((part) => !this.seen.has(`${cube.name} ${part}`));
  }

  /** What may stand in a question of any cube and stood in none. */
  missingParts(): string[] {
    const shifts = ['MONTH', 'QUARTER', 'YEAR'];
    const wanted = [
      ...['share', 'rank', 'cumulative', 'rolling.n.MEAN', 'rolling.n.SUM', ...shifts.flatMap((shift) => [`previous.${shift}`, `change.${shift}`])].map((kind) => `derived ${kind}`),
      ...BOUNDS.map((bound) => `having ${bound}`), ...COMBINATIONS.map((name) => `where ${name}`), 'orderBy ASC', 'orderBy DESC',
      'CURRENT', 'ZERO', 'calendar', 'offset', 'field period',
    ]; // prettier-ignore
    return wanted.filter((part) => !CUBES.some(({ name }) => this.seen.has(`${name} ${part}`)));
  }
}

const pairs = (fields: readonly string[]): string[] =>
  fields.flatMap((one) => fields.filter((other) => other !== one).map((other) => `${one} ${other}`));

const saidBy = (where: Where): string[] =>
  Object.entries(where).flatMap(([name, part]) => {
    if (isCombination(name)) return [name, ...(name === 'not' ? saidBy(part as Where) : (part as readonly Where[]).flatMap(saidBy))];
    return Object.keys(part as object).map((operator) => `${name}.${operator}`);
  });
