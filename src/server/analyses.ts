import type { AnalysisOptions, Analyzer, FileAnalysis, Files } from '../analyzer/analysis';
import type { Finding, Fix } from '../analyzer/rules/rule';
import type { ResourceSettings } from './configuration';
import type { WorkspaceFiles } from './files';

export type CreateAnalyzer = (files: Files, options: AnalysisOptions) => Analyzer;

/**
 * Work on one file ends here, so that the editor never waits for long: half of the usual steps. The clock is for hangs, else a
 * machine under load would show fewer shapes.
 */
const BUDGET = { steps: 1_000_000, milliseconds: 10_000 };
/** A chain of imports that the editor must read for us is followed so far. */
const ROUNDS = 16;
/** Settings that differ by folder each need an analyzer; more than these are not kept at once. */
const ANALYZERS = 4;
/** Analyses kept at once: those of the documents that are open in most sessions. */
const KNOWN = 32;

/** An analysis and how long it took. */
export interface Timed {
  readonly analysis: FileAnalysis;
  readonly milliseconds: number;
}

interface Known {
  readonly generation: number;
  readonly timed: Timed;
}

/** The analyses of a workspace, the last ones kept until any text changes. */
export class Analyses {
  readonly #files: WorkspaceFiles;
  readonly #create: CreateAnalyzer;
  /** By the settings they were made for, the one used last at the end. */
  readonly #analyzers = new Map<string, Analyzer>();
  readonly #known = new Map<string, Known>();
  /** Counts the changes: what was derived under another number is out of date. */
  #generation = 0;

  constructor(files: WorkspaceFiles, create: CreateAnalyzer) {
    this.#files = files;
    this.#create = create;
  }

  /** A file has another text now, or vanished. */
  change(path: string): void {
    this.#generation += 1;
    this.#known.clear();
    this.#files.forget(path);
    for (const analyzer of this.#analyzers.values()) analyzer.change(path);
  }

  /** Settings changed: every severity may be another. */
  reset(): void {
    this.#generation += 1;
    this.#known.clear();
  }

  /** Undefined where a text changed meanwhile: whoever changed it asks again. */
  async analyze(path: string, settings: ResourceSettings): Promise<Timed | undefined> {
    const options = JSON.stringify([settings.rules, settings.assume]);
    const key = `${path}\0${options}`;
    const generation = this.#generation;
    const known = this.#known.get(key);
    if (known?.generation === generation) return known.timed;
    const analyzer = this.#analyzer(options, settings);
    for (let round = 0; ; round += 1) {
      const start = performance.now();
      const analysis = analyzer.analyze(path);
      const timed = { analysis, milliseconds: performance.now() - start };
      const found = round < ROUNDS ? await this.#files.fetchMissing() : [];
      if (generation !== this.#generation) return undefined;
      if (found.length === 0) {
        this.#keep(key, { generation, timed });
        return timed;
      }
      for (const other of this.#analyzers.values()) for (const file of found) other.change(file);
    }
  }

  /** The edit that silences a finding of an analysis; it is the same whatever the settings. */
  suppression(finding: Finding): Fix | undefined {
    const [analyzer] = this.#analyzers.values();
    return analyzer?.suppression(finding);
  }

  #keep(key: string, known: Known): void {
    this.#known.set(key, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }

  #analyzer(key: string, { rules, assume }: ResourceSettings): Analyzer {
    const analyzer =
      this.#analyzers.get(key) ??
      this.#create(this.#files, { severities: rules, assumptions: assume, budget: BUDGET, tolerant: true });
    this.#analyzers.delete(key);
    this.#analyzers.set(key, analyzer);
    const [oldest] = this.#analyzers.keys();
    if (this.#analyzers.size > ANALYZERS && oldest !== undefined) this.#analyzers.delete(oldest);
    return analyzer;
  }
}
