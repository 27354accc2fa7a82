import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { LineMap } from '../../../src/analyzer/program/lineMap';
import { codeModels } from '../../../src/present/codeModels';
import { type CodeModels, readChange, readCodeModels } from '../../../src/shared/playground';
import { EXAMPLE, EXAMPLE_NAME, EXAMPLE_SOURCE } from '../../../webview/yourCode/example';
import { setsOf } from '../../../webview/yourCode/ledger';

function modelsOf(source: string, name = 'a.js'): CodeModels {
  const lines = new LineMap(source);
  const uri = `file:///${name}`;
  const analyzer = createAnalyzer({ read: (path) => (path === `/${name}` ? source : undefined) });
  return codeModels(analyzer.analyze(`/${name}`), {
    uri,
    name,
    position: ({ start }) => {
      const { line, column } = lines.position(start);
      return { uri, line: line - 1, column: column - 1 };
    },
  });
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('the models of a file', () => {
  it('of the example are what the analyzer says of its program', () => {
    expect(EXAMPLE).toEqual(plain(modelsOf(EXAMPLE_SOURCE, EXAMPLE_NAME)));
  });

  it('have each layer with its place, shapes, parameters, and the settings of its norm with tfjs’s defaults', () => {
    const { models } = modelsOf(`import * as tf from '@tensorflow/tfjs';
const model = tf.sequential();
model.add(tf.layers.dense({ inputShape: [20], units: 8 }));
model.add(tf.layers.batchNormalization({ momentum: 0.9 }));
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
model.fit(tf.ones([100, 20]), tf.ones([100, 8]), { batchSize: 16 });
`);
    expect(models).toHaveLength(1);
    // 20 · 8 + 8, and 4 · 8 of batch norm, of which γ and β train.
    expect(models[0]).toMatchObject({ kind: 'sequential', total: 200, trainable: 184, batch: 16 });
    const [dense, norm] = models[0]?.layers ?? [];
    expect(dense).toMatchObject({
      type: 'dense',
      at: { line: 2 },
      input: '[null, 20]',
      output: '[null, 8]',
      params: 168,
    });
    expect(dense?.change).not.toHaveProperty('norm', 'batch');
    expect(norm?.change).toMatchObject({
      norm: 'batch',
      data: 'features',
      channels: 8,
      batch: 16,
      momentum: 0.9,
      epsilon: 1e-3,
    });
  });

  it('have findings at the layer that they speak of, and the others beside', () => {
    const [model] = EXAMPLE.models;
    const wrong = model?.layers.filter(({ findings }) => findings.length > 0) ?? [];
    expect(wrong.map(({ type }) => type)).toEqual(['batchNormalization']);
    const { models, findings } = modelsOf(`import * as tf from '@tensorflow/tfjs';
const x = tf.ones([8, 4]);
x.reshape([3, 3]);
`);
    expect(models).toEqual([]);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ at: { line: 2, column: 0 } });
  });

  it('tell how many means a norm has', () => {
    const words = EXAMPLE.models[0]?.layers.map(setsOf).filter((text) => text !== undefined);
    // [32, 26, 26, 8] along axis 1; [32, 12, 12, 16]; [32, 64] layer norm.
    expect(words).toEqual([
      '26 means, each over 6,656 (B = 32)',
      '16 means, each over 4,608 (B = 32)',
      '32 means, each over 64 (B = 32)',
    ]);
  });

  it('load settings that every row of the table takes', () => {
    for (const { change } of EXAMPLE.models.flatMap(({ layers }) => layers)) {
      expect(readChange(change).refused).toEqual([]);
    }
  });
});

describe('what comes to the page as models', () => {
  it('is read as it was sent', () => {
    expect(plain(readCodeModels(plain(EXAMPLE)))).toEqual(EXAMPLE);
  });

  it('is undefined where it is anything else, and nothing throws', () => {
    fc.assert(
      fc.property(fc.anything(), (payload) => {
        expect(readCodeModels(payload)).toBeUndefined();
      }),
    );
  });

  it('leaves out what is odd inside, wherever it is', () => {
    const places = ['models', 'findings'] as const;
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...places), (odd, place) => {
        const read = readCodeModels({ ...EXAMPLE, [place]: [odd, ...EXAMPLE[place]] });
        expect(plain(read)).toEqual(EXAMPLE);
      }),
    );
    const [model] = EXAMPLE.models;
    const read = readCodeModels({
      ...EXAMPLE,
      models: [{ ...model, layers: [...(model?.layers ?? []), { name: 'x' }] }],
    });
    expect(plain(read)).toEqual(EXAMPLE);
  });

  it('has links of the web alone', () => {
    const finding = { rule: 'NL1', severity: 'error', message: 'm', at: { uri: 'file:///a', line: 0, column: 0 } };
    const read = (page: string) => readCodeModels({ ...EXAMPLE, findings: [{ ...finding, page }] })?.findings[0]?.page;
    expect(read('https://example.com/')).toBe('https://example.com/');
    expect(read('javascript:alert(1)')).toBe('');
    expect(read('command:workbench.action.quit')).toBe('');
  });

  it('changes settings within their ranges only', () => {
    const [model] = EXAMPLE.models;
    const [layer] = model?.layers ?? [];
    const odd = { ...layer, change: { batch: -1, channels: 12, nonsense: 1 } };
    const read = readCodeModels({ ...EXAMPLE, models: [{ ...model, layers: [odd] }] });
    expect(read?.models[0]?.layers[0]?.change).toEqual({ channels: 12 });
  });
});
