import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of random numbers that depends on nothing but its seed and its number. */
export class Random {
  private readonly generator;

  constructor(seed: number, stream: number) {
    this.generator = xoroshiro128plusFromState(mixedWords(seed, stream));
  }

  /** At least 0 and below 1. */
  float(): number {
    return uniformFloat64(this.generator);
  }

  /** A whole number of at least 0 and below `limit`. */
  int(limit: number): number {
    return Math.floor(this.float() * limit);
  }

  chance(probability: number): boolean {
    return this.float() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** One of the items, each as likely as its weight says. */
  weighted<T extends { readonly weight: number }>(items: readonly T[]): T {
    let left = this.float() * items.reduce((sum, item) => sum + item.weight, 0);
    return items.find((item) => (left -= item.weight) < 0) ?? this.pick(items);
  }

  shuffled<T>(items: readonly T[]): T[] {
    const order = [...items];
    for (let last = order.length - 1; last > 0; last--) {
      const other = this.int(last + 1);
      [order[last], order[other]] = [order[other] as T, order[last] as T];
    }
    return order;
  }

  exponential(): number {
    return -Math.log(1 - this.float());
  }

  normal(): number {
    return Math.sqrt(2 * this.exponential()) * Math.cos(2 * Math.PI * this.float());
  }

  lognormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  poisson(mean: number): number {
    let count = 0;
    for (let left = mean - this.exponential(); left > 0; left -= this.exponential()) count++;
    return count;
  }

  binomial(trials: number, probability: number): number {
    let count = 0;
    for (let trial = 0; trial < trials; trial++) if (this.chance(probability)) count++;
    return count;
  }

  /** A whole number around `mean`: the fraction decides how often it is rounded up. */
  rounded(mean: number): number {
    return Math.floor(mean + this.float());
  }

  beta(a: number, b: number): number {
    const x = this.gamma(a);
    return x / (x + this.gamma(b));
  }

  /** Marsaglia and Tsang (2000), for shapes of 1 and more. */
  private gamma(shape: number): number {
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - this.float()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }
}

/** Four unlike words from two small numbers (the finaliser of MurmurHash3): the generator starts alike on neighbouring seeds. */
function mixedWords(seed: number, stream: number): number[] {
  let word = Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b);
  return Array.from({ length: 4 }, () => {
    word = (word + 0x9e3779b9) | 0;
    const half = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    const whole = Math.imul(half ^ (half >>> 13), 0xc2b2ae35);
    return whole ^ (whole >>> 16);
  });
}
