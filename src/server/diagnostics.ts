import type { FileAnalysis } from '../analyzer/analysis';
import { coverageOf } from '../present/coverage';
import { ANALYZED, type AnalyzedParams } from '../shared/protocol';
import { isConfig } from './configuration';
import { Converter, countFindings } from './convert';
import { Scheduler } from './scheduler';
import { analyzeDocument, type Workspace } from './workspace';

/** The pause after a keystroke, in milliseconds: twice what the last analysis took, within these. */
const PAUSE = { least: 40, most: 400 };
/** Documents that may import the changed one wait longer: people look at the one they type in. */
const OTHERS_PAUSE = 500;

/** Pushes the findings of open documents, and of closed ones that were asked for, as they change. */
export class Diagnostics {
  readonly #workspace: Workspace;
  readonly #scheduler: Scheduler;
  /** Closed files whose findings stay published: those of the last workspace analysis. */
  readonly #kept = new Set<string>();
  #lastMilliseconds = 0;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.#scheduler = new Scheduler((error) =>
      workspace.connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
  }

  /** A document was opened or edited. */
  changed(uri: string): void {
    const pause = Math.min(PAUSE.most, Math.max(PAUSE.least, 2 * this.#lastMilliseconds));
    this.#scheduler.schedule(uri, pause, () => this.#publishDocument(uri));
    for (const other of this.#workspace.documents.keys()) {
      if (other === uri) continue;
      this.#scheduler.scheduleUnlessPending(other, OTHERS_PAUSE, () => this.#publishDocument(other));
    }
  }

  /** Files or settings changed: everything published may be another. */
  refresh(): void {
    for (const uri of this.#workspace.documents.keys()) {
      this.#scheduler.schedule(uri, PAUSE.least, () => this.#publishDocument(uri));
    }
    for (const uri of this.#kept) {
      if (this.#workspace.documents.get(uri) === undefined) {
        this.#scheduler.schedule(uri, OTHERS_PAUSE, () => this.#publishClosed(uri));
      }
    }
  }

  /** A document was closed: its findings go, unless the workspace analysis published them too. */
  closed(uri: string): void {
    this.#scheduler.cancel(uri);
    if (this.#kept.has(uri)) this.#scheduler.schedule(uri, PAUSE.least, () => this.#publishClosed(uri));
    else this.#send(uri, undefined);
  }

  /** Publishes a file's findings whether it is open or not, and keeps them when it is closed. */
  keep(uri: string, analysis: FileAnalysis): void {
    this.#kept.add(uri);
    if (this.#workspace.documents.get(uri) === undefined) this.#send(uri, analysis);
  }

  /** No closed file's findings are kept any more. */
  releaseAll(): void {
    for (const uri of this.#kept) {
      if (this.#workspace.documents.get(uri) === undefined) this.#send(uri, undefined);
    }
    this.#kept.clear();
  }

  async #publishDocument(uri: string): Promise<void> {
    // Its diagnostics are its own.
    if (isConfig(uri)) return;
    const analyzed = await analyzeDocument(this.#workspace, uri);
    const document = this.#workspace.documents.get(uri);
    if (document === undefined) return;
    if (analyzed === undefined) {
      // Switched off, or changed meanwhile: then an analysis of the newer text is on its way.
      const settings = await this.#workspace.settings.of(uri);
      if (!settings.enable) this.#send(uri, undefined);
      return;
    }
    this.#lastMilliseconds = analyzed.milliseconds;
    for (const { error } of analyzed.analysis.failures ?? []) this.#workspace.connection.console.error(error);
    this.#send(uri, analyzed.analysis, document.version);
    void this.#workspace.connection.sendNotification(ANALYZED, summary(uri, analyzed.analysis, analyzed.milliseconds));
  }

  async #publishClosed(uri: string): Promise<void> {
    const { analyses, documents, files, paths, settings } = this.#workspace;
    const path = paths.toPath(uri);
    const resource = await settings.of(uri);
    const analyzed =
      resource.enable && files.read(path) !== undefined ? await analyses.analyze(path, resource) : undefined;
    if (documents.get(uri) === undefined && this.#kept.has(uri)) this.#send(uri, analyzed?.analysis);
  }

  #send(uri: string, analysis: FileAnalysis | undefined, version?: number): void {
    const converter = new Converter(this.#workspace);
    const findings = analysis?.findings.filter(({ at }) => at.file === analysis.path) ?? [];
    void this.#workspace.connection.sendDiagnostics({
      uri,
      diagnostics: findings.map((finding) => converter.diagnostic(finding)),
      ...(version === undefined ? {} : { version }),
    });
  }
}

function summary(uri: string, analysis: FileAnalysis, milliseconds: number): AnalyzedParams {
  const { calls, known } = coverageOf(analysis.calls);
  return {
    uri,
    findings: countFindings(analysis.findings),
    calls,
    known,
    models: analysis.models.length,
    milliseconds,
    failed: analysis.failures !== undefined,
  };
}
