/** What the extension and the language server say to each other beyond the Language Server Protocol. */

/** Severities as the settings have them. */
export const SEVERITIES = ['off', 'hint', 'information', 'warning', 'error'] as const;
export type RuleSetting = (typeof SEVERITIES)[number];

/** The settings under `normlens`, as they hold for one resource. */
export interface Settings {
  readonly enable: boolean;
  /** By rule id or name. */
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly inlayHints: {
    readonly enable: boolean;
    /** Also a `?` where a shape is unknown; its tooltip tells why. */
    readonly unknown: boolean;
  };
  readonly codeLens: {
    readonly enable: boolean;
  };
}

/** The editor's command that opens the playground; its argument is a query as a link has it. */
export const OPEN_PLAYGROUND = 'normlens.openPlayground';

/** Extension → server, a request: analyze every source file of the workspace and publish what is found. */
export const ANALYZE_WORKSPACE = 'normlens/analyzeWorkspace';

export interface AnalyzeWorkspaceParams {
  /** Progress is reported under this token. */
  readonly workDoneToken: string;
}

export interface AnalyzeWorkspaceResult {
  readonly files: number;
  readonly findings: Counts;
  /** True where it was ended before the last file. */
  readonly cancelled: boolean;
}

/** Extension → server, a request: the models of an open document, for the playground; null where there are none to tell. */
export const MODELS = 'normlens/models';

export interface ModelsParams {
  readonly uri: string;
}

/** Server → extension, a notification: a document was analyzed. */
export const ANALYZED = 'normlens/analyzed';

export interface AnalyzedParams {
  readonly uri: string;
  readonly findings: Counts;
  /** Calls of ops and layers, and how many of them have a shape that is wholly known. */
  readonly calls: number;
  readonly known: number;
  readonly models: number;
  readonly milliseconds: number;
  /** Whether Normlens itself failed on a part of it; the output channel has the error. */
  readonly failed: boolean;
}

export interface Counts {
  readonly error: number;
  readonly warning: number;
  readonly information: number;
  readonly hint: number;
}

/** Server → extension, a request: the texts of files that the server cannot read itself, null where there is none. */
export const READ_FILES = 'normlens/readFiles';

export interface ReadFilesParams {
  readonly uris: readonly string[];
}

export type ReadFilesResult = readonly (string | null)[];

/** Server → extension, a request: the source files of the workspace, where the server has no disk. */
export const FIND_FILES = 'normlens/findFiles';

export type FindFilesResult = readonly string[];

/** Extension → server in a worker, the first message of all: where the analyzer's bundle is. */
export interface WorkerStart {
  readonly analyzer: string;
}
