import { describe, expect, it } from 'vitest';
import { biasedRunningVariance } from '../../../src/analyzer/rules/biasedRunningVariance';
import { judge } from '../../../src/analyzer/rules/judge';
import { momentsWrongAxes } from '../../../src/analyzer/rules/momentsWrongAxes';
import { normAfterActivation } from '../../../src/analyzer/rules/normAfterActivation';
import type { Rule } from '../../../src/analyzer/rules/rule';
import { targetWithoutStatistics } from '../../../src/analyzer/rules/targetWithoutStatistics';
import type { OptionValue } from '../../../src/analyzer/trace/facts';
import { Builder } from './builders';

const found = (rule: Rule, builder: Builder): string[] => judge([builder.trace], {}, [rule]).map((f) => f.message);

describe('NL112 inside a layer', () => {
  const moments = (owner: string, dims: number[], axis: OptionValue) => {
    const b = new Builder();
    b.activation = { name: 'call', owner, at: b.at(), role: 'call' };
    b.op('moments', { x: b.tensor(dims) }, [b.tensor([]), b.tensor([])], { axis });
    return found(momentsWrongAxes, b);
  };

  it.each([
    ['InstanceNorm', [2, 8, 8, 6], [0, 1, 2]],
    ['InstanceNormalization', [2, 8, 6], [0, 1]],
    ['LayerNorm', [2, 6], [0]],
    ['BatchNorm', [2, 8, 8, 6], [1, 2]],
    ['MyGroupNorm', [2, 64, 3, 2], [0, 1, 3]],
    ['batch_norm', [2, 8, 8, 6], [0, 1, 2, 3]],
  ])('tells that %s of %j does not reduce %j', (owner, dims, axes) => {
    expect(moments(owner, dims, axes)).toHaveLength(1);
  });

  it.each([
    ['InstanceNorm', [2, 8, 8, 6], [1, 2]],
    ['InstanceNorm', [2, 6, 8, 8], [2, 3]],
    ['LayerNorm', [2, 6], [-1]],
    ['LayerNorm', [2, 8, 8, 6], [1, 2, 3]],
    ['BatchNorm', [2, 8, 8, 6], [0, 1, 2]],
    ['BatchNorm', [2, 6, 8, 8], [0, 2, 3]],
    ['GroupNorm', [2, 8, 8, 3, 2], [1, 2, 4]],
    ['BatchInstanceNorm', [2, 8, 8, 6], [1, 2]],
    ['Whitening', [2, 8, 8, 6], [0]],
  ])('is silent where %s of %j reduces %j', (owner, dims, axes) => {
    expect(moments(owner, dims, axes)).toEqual([]);
  });
});

describe('NL214', () => {
  const copy = (which: 'all' | 'trainable' | 'unknown', type: string) => {
    const b = new Builder();
    const [online, target] = [b.model('online', [b.layer(type)]), b.model('target', [b.layer(type)])];
    b.facts.push({ ...b.base(), kind: 'weightsCopy', from: online, to: target, which });
    return found(targetWithoutStatistics, b);
  };

  it('fires where only the trainable weights of a model with batch norm are copied', () => {
    expect(copy('trainable', 'batchNormalization')).toEqual([
      'Only trainable weights are copied: 1 batch norm of the copy keeps mean 0 and variance 1',
    ]);
  });

  it.each([
    ['all', 'batchNormalization'],
    ['unknown', 'batchNormalization'],
    ['trainable', 'layerNormalization'],
  ] as const)('is silent for a copy of %s weights with %s', (which, type) => {
    expect(copy(which, type)).toEqual([]);
  });
});

describe('NL310', () => {
  const update = (source: string, correction: number | undefined) => {
    const b = new Builder(source);
    const x = b.tensor([16, 4]);
    const [mean, variance, running] = [b.tensor([4]), b.tensor([4]), b.tensor([4])];
    b.op('moments', { x }, [mean, variance], { axis: 0 });
    let batch = variance;
    const scaled = (value: number) => {
      const next = b.tensor([4]);
      b.op('mul', { a: batch, b: b.tensor([], { scalar: value }) }, [next]);
      batch = next;
    };
    if (correction !== undefined) scaled(correction);
    scaled(0.1);
    const sum = b.tensor([4]);
    b.op('add', { a: running, b: batch }, [sum]);
    b.op('assign', { x: running, newValue: sum }, []);
    return found(biasedRunningVariance, b);
  };

  it('fires in a port from PyTorch that averages the biased variance', () => {
    expect(update('// port of torch.nn.BatchNorm2d', undefined)).toHaveLength(1);
  });

  it('is silent where the variance is corrected, and where nothing speaks of PyTorch', () => {
    expect(update('// port of torch.nn.BatchNorm2d', 16 / 15)).toEqual([]);
    expect(update('// a batch norm', undefined)).toEqual([]);
  });
});

describe('NL306', () => {
  const b = new Builder();
  const [x, h, y] = [b.tensor([null, 8]), b.tensor([null, 8]), b.tensor([null, 8])];
  b.call(b.layer('dense', { units: 8, activation: 'relu' }), x, h);
  b.call(b.layer('batchNormalization'), h, y);

  it('is off where no setting names it', () => {
    expect(found(normAfterActivation, b)).toEqual([]);
  });

  it('speaks where a setting asks for it, with the severity asked for', () => {
    expect(judge([b.trace], { 'norm-after-activation': 'warning' }, [normAfterActivation])).toMatchObject([
      { ruleId: 'NL306', severity: 'warning' },
    ]);
  });
});
