/** The newest version of each customer that a write was answered with: no later read may show an older one. */
export class KnownVersions {
  readonly #versions: Uint32Array

  constructor(population: number) {
    this.#versions = new Uint32Array(population + 1)
  }

  newest(customer: number): number {
    return this.#versions[customer] ?? 0
  }

  note(customer: number, version: number): void {
    if (version > this.newest(customer)) this.#versions[customer] = version
  }
}
