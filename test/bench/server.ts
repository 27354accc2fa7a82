/**
 * `npm run bench -- server [FOLDER]`: how long findings take after an edit, in the language server as it is shipped, on
 * a model file of 1,000 lines; then, in another process, the time and memory of analyzing a workspace of 240 files (or a
 * folder) whole, with an edit of one of them at the end.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { discover } from '../../src/disk/discover';
import {
  ANALYZE_WORKSPACE,
  ANALYZED,
  type AnalyzedParams,
  type AnalyzeWorkspaceParams,
  type AnalyzeWorkspaceResult,
} from '../../src/shared/protocol';
import { buildAsShipped } from './bundles';
import { makeWorkspace } from './generatedWorkspace';
import { beside, quantile } from './targets';

const EDITS = 60;
/** Milliseconds from an edit to its findings; megabytes that the server holds with the workspace. */
const TARGET = { p50: 25, p95: 60, megabytes: 200 };
const URI = 'file:///bench/model.ts';

/** Twenty models of 50 lines, each a little different. */
export function modelFile(): string {
  const models = Array.from({ length: 20 }, (_, i) => {
    const blocks = Array.from({ length: 10 }, (_, j) => [
      `  x = tf.layers.conv2d({ filters: ${8 + ((i + j) % 24)}, kernelSize: 3, padding: 'same' }).apply(x);`,
      `  x = tf.layers.batchNormalization({ momentum: 0.9 }).apply(x);`,
      `  x = tf.layers.reLU().apply(x);`,
      `  x = tf.layers.dropout({ rate: ${j / 40} }).apply(x);`,
    ]);
    return [
      `export function build${i}() {`,
      '  const input = tf.input({ shape: [64, 64, 3] });',
      '  let x: tf.SymbolicTensor = input;',
      ...blocks.flat(),
      '  x = tf.layers.flatten().apply(x);',
      `  x = tf.layers.dense({ units: ${i + 2} }).apply(x);`,
      '  const model = tf.model({ inputs: input, outputs: x });',
      "  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });",
      '  return model;',
      '}',
      '',
    ];
  });
  return ["import * as tf from '@tensorflow/tfjs';", ...models.flat()].join('\n');
}

interface Server {
  readonly connection: ProtocolConnection;
  readonly child: ChildProcess;
}

export async function run([folder]: readonly string[]): Promise<void> {
  const script = join(await buildAsShipped(['server', 'analyzer']), 'server.js');
  await withServer(script, undefined, async (server) => {
    await benchEdits(server.connection);
    tellMemory('memory', server);
  });
  const root = folder === undefined ? makeWorkspace().folder : resolve(folder);
  await withServer(script, root, (server) => benchWorkspace(server, root));
}

async function withServer(script: string, folder: string | undefined, use: (server: Server) => Promise<void>) {
  const child = spawn(process.execPath, ['--expose-gc', script, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const root = folder === undefined ? null : pathToFileURL(folder).href;
    const folders = root === null ? [] : [{ uri: root, name: 'bench' }];
    connection.onRequest('workspace/workspaceFolders', () => folders);
    connection.listen();
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: root,
      workspaceFolders: folders,
      capabilities: { workspace: { workspaceFolders: true } },
    });
    await connection.sendNotification('initialized', {});
    await use({ connection, child });
  } finally {
    child.kill();
  }
}

function nextAnalysis(connection: ProtocolConnection): Promise<AnalyzedParams> {
  return new Promise((resolve) => {
    const listener = connection.onNotification(ANALYZED, (params: AnalyzedParams) => {
      listener.dispose();
      resolve(params);
    });
  });
}

async function benchEdits(connection: ProtocolConnection): Promise<void> {
  const text = modelFile();
  const analyzed = () => nextAnalysis(connection);
  const first = analyzed();
  const opened = performance.now();
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri: URI, languageId: 'typescript', version: 1, text },
  });
  const { calls, known } = await first;
  console.log(`${text.split('\n').length} lines, ${known} of ${calls} calls known`);
  console.log(`  cold ${(performance.now() - opened).toFixed(0)} ms`);
  const whole: number[] = [];
  const analysis: number[] = [];
  for (let version = 2; version < 2 + EDITS; version += 1) {
    const at = text.indexOf('filters: ', Math.floor((text.length * (version % 17)) / 18)) + 'filters: '.length;
    const next = analyzed();
    const start = performance.now();
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: URI, version },
      contentChanges: [{ text: `${text.slice(0, at)}${version}${text.slice(at)}` }],
    });
    analysis.push((await next).milliseconds);
    whole.push(performance.now() - start);
  }
  // The first edits meet code that the engine did not compile yet: people meet it, too, but once.
  const warm = (times: readonly number[]) => times.slice(EDITS / 6);
  console.log(beside('edit → findings, without the pause: p50', quantile(warm(analysis), 0.5), 'ms', TARGET.p50));
  console.log(beside('edit → findings, without the pause: p95', quantile(warm(analysis), 0.95), 'ms', TARGET.p95));
  console.log(beside('edit → findings, with it: p50', quantile(warm(whole), 0.5), 'ms'));
  console.log(beside('edit → findings, with it: p95', quantile(warm(whole), 0.95), 'ms'));
}

async function benchWorkspace(server: Server, folder: string): Promise<void> {
  const { connection } = server;
  tellMemory('memory of the server before it analyzes anything (of which Node alone takes some 40)', server);
  const start = performance.now();
  const params: AnalyzeWorkspaceParams = { workDoneToken: 'bench' };
  const { files, findings } = await connection.sendRequest<AnalyzeWorkspaceResult>(ANALYZE_WORKSPACE, params);
  const seconds = (performance.now() - start) / 1000;
  console.log(`${files} files in ${seconds.toFixed(1)} s, ${JSON.stringify(findings)}`);
  tellMemory('memory of the server after them', server);
  const [path] = discover([folder], folder);
  if (path === undefined) return;
  const uri = pathToFileURL(path).href;
  const text = readFileSync(path, 'utf8');
  const opened = nextAnalysis(connection);
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'typescript', version: 1, text },
  });
  await opened;
  const edited = nextAnalysis(connection);
  await connection.sendNotification('textDocument/didChange', {
    textDocument: { uri, version: 2 },
    contentChanges: [{ text: `${text}\n` }],
  });
  await edited;
  tellMemory('memory of the server after an edit of one of them', server, TARGET.megabytes);
}

/** What the server's process holds, and held at most (Linux). */
function tellMemory(label: string, { child }: Server, target?: number): void {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const megabytes = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  console.log(`${beside(label, megabytes('VmRSS'), 'MB', target, 0)}, ${megabytes('VmHWM').toFixed(0)} MB at most`);
}
