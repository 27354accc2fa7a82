/**
 * `npm run bench -- server [FOLDER]`: how long findings take after an edit, in the language server as it is shipped, on
 * a model file of 1,000 lines; and with a folder, the time and memory of analyzing it whole.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import {
  ANALYZE_WORKSPACE,
  ANALYZED,
  type AnalyzedParams,
  type AnalyzeWorkspaceParams,
  type AnalyzeWorkspaceResult,
} from '../../src/shared/protocol';

const EDITS = 60;
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

export async function run([folder]: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, ['dist/server.js', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const root = folder === undefined ? null : pathToFileURL(resolve(folder)).href;
    connection.onRequest('workspace/workspaceFolders', () => (root === null ? [] : [{ uri: root, name: 'bench' }]));
    connection.listen();
    const workspaceFolders = root === null ? null : [{ uri: root, name: 'bench' }];
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: root,
      workspaceFolders,
      capabilities: { workspace: { workspaceFolders: true } },
    });
    await connection.sendNotification('initialized', {});
    await benchEdits(connection);
    console.log(`  memory ${memoryOf(child)} MB`);
    if (root !== null) await benchWorkspace(connection, child);
  } finally {
    child.kill();
  }
}

async function benchEdits(connection: ProtocolConnection): Promise<void> {
  const text = modelFile();
  const analyzed = () =>
    new Promise<AnalyzedParams>((resolve) => {
      const listener = connection.onNotification(ANALYZED, (params: AnalyzedParams) => {
        listener.dispose();
        resolve(params);
      });
    });
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
  print('edit → findings, without the pause', analysis);
  print('edit → findings, with it', whole);
}

async function benchWorkspace(connection: ProtocolConnection, child: ChildProcess): Promise<void> {
  const start = performance.now();
  const params: AnalyzeWorkspaceParams = { workDoneToken: 'bench' };
  const { files, findings } = await connection.sendRequest<AnalyzeWorkspaceResult>(ANALYZE_WORKSPACE, params);
  const seconds = (performance.now() - start) / 1000;
  console.log(`${files} files in ${seconds.toFixed(1)} s, ${JSON.stringify(findings)}, memory ${memoryOf(child)} MB`);
}

function print(label: string, times: number[]): void {
  const sorted = times.slice(EDITS / 6).sort((a, b) => a - b);
  const quantile = (q: number) => (sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN).toFixed(1);
  console.log(`  ${label}: p50 ${quantile(0.5)} ms, p95 ${quantile(0.95)} ms`);
}

/** Megabytes that the server's process holds. */
function memoryOf({ pid }: ChildProcess): string {
  const kilobytes = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
  return (kilobytes / 1024).toFixed(0);
}
