// A set of numbers from which the smallest is taken.

/** Cheap where numbers are mostly added in rising order, as those of new sends are. */
export class OrderedNumbers {
  readonly #numbers: number[] = [];

  add(number: number): void {
    const at = this.#place(number);
    if (this.#numbers[at] !== number) this.#numbers.splice(at, 0, number);
  }

  delete(number: number): void {
    const at = this.#place(number);
    if (this.#numbers[at] === number) this.#numbers.splice(at, 1);
  }

  takeFirst(): number | undefined {
    return this.#numbers.shift();
  }

  // Where it stands, or would stand.
  #place(number: number): number {
    let low = 0;
    let high = this.#numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#numbers[middle] as number) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
