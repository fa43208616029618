const FIRST_SLOTS = 1 << 20;
const FIRST_NODES = 1 << 19;

/**
 * The words of a dictionary as a tree of UTF-16 code units, in blocks of memory that hold numbers alone: half a million nodes
 * take some 15 MB. Node 0 is no node.
 */
export class WordTree {
  /** Logarithm of the part that a word has in all occurrences, by the node it ends at; 0: no word ends there. */
  weights = new Float64Array(FIRST_NODES);
  /** The weight of a character that is no word: that of a word which occurs once. */
  readonly unknown: number;
  /** Nodes of the first code units; those of all others lie in slots by their parent and unit. */
  private readonly first = new Int32Array(0x10000);
  private parents = new Int32Array(FIRST_SLOTS);
  private units = new Uint16Array(FIRST_SLOTS);
  private children = new Int32Array(FIRST_SLOTS);
  private nodes = 1;

  /** @param dictionary lines of a word, a space, the number of its occurrences, and what else there may be behind a space. */
  constructor(dictionary: string) {
    let total = 0;
    for (let start = 0; start < dictionary.length;) {
      const end = dictionary.indexOf('\n', start) >>> 0;
      const gap = dictionary.indexOf(' ', start);
      const occurrences = parseInt(dictionary.slice(gap + 1, Math.min(end, gap + 16)), 10);
      total += occurrences;
      this.weights[this.nodeOf(dictionary, start, gap)] = occurrences;
      start = end + 1;
    }
    this.unknown = -Math.log(total);
    for (let node = 1; node < this.nodes; node += 1)
      if (this.weights[node]! > 0) this.weights[node] = Math.log(this.weights[node]!) - Math.log(total);
  }

  /** The node of a text of one unit. */
  begin(unit: number): number {
    return this.first[unit]!;
  }

  /** The node of the text of a node with one unit more; 0: no word begins so. */
  step(node: number, unit: number): number {
    const { parents, units } = this;
    for (let slot = this.slotOf(node, unit); ; slot = (slot + 1) & (parents.length - 1)) {
      if (parents[slot] === node && units[slot] === unit) return this.children[slot]!;
      if (parents[slot] === 0) return 0;
    }
  }

  private nodeOf(text: string, start: number, end: number): number {
    const unit = text.charCodeAt(start);
    let node = (this.first[unit] ||= this.nodes++);
    for (let at = start + 1; at < end; at += 1) node = this.step(node, text.charCodeAt(at)) || this.added(node, text.charCodeAt(at));
    if (this.nodes >= this.weights.length) this.weights = widened(this.weights);
    return node;
  }

  private added(parent: number, unit: number): number {
    if (2 * this.nodes > this.parents.length) this.grow();
    if (this.nodes + 1 >= this.weights.length) this.weights = widened(this.weights);
    this.put(parent, unit, this.nodes);
    return this.nodes++;
  }

  private put(parent: number, unit: number, child: number): void {
    let slot = this.slotOf(parent, unit);
    while (this.parents[slot] !== 0) slot = (slot + 1) & (this.parents.length - 1);
    this.parents[slot] = parent;
    this.units[slot] = unit;
    this.children[slot] = child;
  }

  private grow(): void {
    const { parents, units, children } = this;
    [this.parents, this.units, this.children] = [
      new Int32Array(2 * parents.length),
      new Uint16Array(2 * parents.length),
      new Int32Array(2 * parents.length),
    ];
    for (let slot = 0; slot < parents.length; slot += 1) if (parents[slot] !== 0) this.put(parents[slot]!, units[slot]!, children[slot]!);
  }

  private slotOf(parent: number, unit: number): number {
    const mixed = Math.imul(parent, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & (this.parents.length - 1);
  }
}

function widened(values: Float64Array): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(2 * values.length);
  wider.set(values);
  return wider;
}
