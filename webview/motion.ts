/** Whether pictures may move: not where the system, the editor or its reader asks for less. */
export class Motion {
  readonly #query = window.matchMedia('(prefers-reduced-motion: reduce)');

  constructor(
    private asked: boolean,
    private readonly changed: () => void,
  ) {
    this.#query.addEventListener('change', () => this.#apply());
    this.#apply();
  }

  get reduced(): boolean {
    return this.asked || this.#query.matches;
  }

  /** The editor's own setting. */
  set editor(asked: boolean) {
    this.asked = asked;
    this.#apply();
  }

  #apply(): void {
    document.body.classList.toggle('reduced-motion', this.reduced);
    this.changed();
  }
}
