/**
 * The real TensorFlow.js, as an oracle for tests: loaded once, on its cpu backend, with one more function that sets its
 * layer-name counters back. tfjs-layers keeps those counters (`_uidPrefixes`) private to its bundle, so that bundle is
 * compiled here with one line added.
 */
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type * as tfjs from '@tensorflow/tfjs';

export type Tf = typeof tfjs;

interface CompilableModule extends Module {
  _compile(text: string, path: string): unknown;
}

const exposeReset = `
;exports.resetNames = function () {
  for (var prefix in _uidPrefixes) delete _uidPrefixes[prefix];
  nameMap.clear();
  // Execution orders are cached by layer names, which are no longer unique.
  cachedSorted.cache.clear();
  cachedRecipientCounts.cache.clear();
};`;

const require = createRequire(import.meta.url);

function load(): { tf: Tf; resetNames: () => void } {
  const path = require.resolve('@tensorflow/tfjs-layers');
  const layers = new Module(path) as CompilableModule;
  layers.filename = path;
  layers.paths = [
    ...(Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(dirname(path)),
  ];
  require.cache[path] = layers;
  layers._compile(readFileSync(path, 'utf8') + exposeReset, path);
  const warn = console.warn;
  console.warn = () => {}; // tfjs recommends its native backend to everyone who first uses it in Node
  const tf = require('@tensorflow/tfjs') as Tf;
  void tf.setBackend('cpu');
  tf.scalar(0).dispose();
  console.warn = warn;
  return { tf, resetNames: (layers.exports as { resetNames: () => void }).resetNames };
}

const loaded = load();

/** The real library. */
export const tf: Tf = loaded.tf;

/** A fresh start for one program: layers count from 1 again, and no variable of an earlier program is alive. */
export async function freshTfjs(): Promise<Tf> {
  tf.disposeVariables();
  loaded.resetNames();
  await tf.setBackend('cpu'); // the program before may have chosen another
  return tf;
}
