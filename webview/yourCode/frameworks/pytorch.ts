import { axesOf, type CodeSettings, sampleShape, share } from '../settings';
import type { Framework } from './framework';

const DIMENSIONS = { images: '2d', sequences: '1d', features: '1d' } as const;
const list = (values: readonly number[]): string => `[${values.join(', ')}]`;

/** Norms of PyTorch over the last axis, on tensors whose channels come second. */
const overChannels = (s: CodeSettings, layer: string): readonly string[] =>
  s.data === 'features'
    ? [`norm = ${layer}`]
    : [`norm = ${layer}`, 'y = norm(x.movedim(1, -1)).movedim(-1, 1)  # it normalizes the last axis'];

/** PyTorch keeps channels first; its momentum is the share of the new, its running variance the unbiased one. */
export const pytorch: Framework = {
  comment: '#',
  imports: ({ norm }) => (norm === 'filterResponse' || norm === 'pixel' ? 'import torch' : 'from torch import nn'),
  remarks: (s) => {
    const remarks: string[] = [];
    const { names } = axesOf(s.data, 'channelsFirst');
    if (s.layout === 'channelsLast' && s.data !== 'features')
      remarks.push(`x: ${names}, for PyTorch keeps channels first`);
    if (s.norm === 'batch' || s.norm === 'ghostBatch') {
      remarks.push(`momentum is the share of the new: 1 - ${s.momentum}; the running variance is the unbiased one`);
    }
    return remarks;
  },
  norms: {
    batch: (s) => [`norm = nn.BatchNorm${DIMENSIONS[s.data]}(${s.c}, eps=${s.epsilon}, momentum=${share(s.momentum)})`],
    layer: (s) => [`norm = nn.LayerNorm(${list(sampleShape(s, 'channelsFirst'))}, eps=${s.epsilon})`],
    layerChannels: (s) => overChannels(s, `nn.LayerNorm(${s.c}, eps=${s.epsilon})`),
    instance: (s) => [`norm = nn.InstanceNorm${DIMENSIONS[s.data]}(${s.c}, eps=${s.epsilon}, affine=True)`],
    group: (s) => [`norm = nn.GroupNorm(${s.groups}, ${s.c}, eps=${s.epsilon})`],
    rms: (s) => overChannels(s, `nn.RMSNorm(${s.c}, eps=${s.epsilon})`),
    ghostBatch: (s) => [
      'import torch',
      '',
      'class GhostBatchNorm(nn.Module):',
      '    def __init__(self):',
      '        super().__init__()',
      `        self.norm = nn.BatchNorm${DIMENSIONS[s.data]}(${s.c}, eps=${s.epsilon}, momentum=${share(s.momentum)})`,
      '',
      '    def forward(self, x):',
      '        if not self.training:',
      '            return self.norm(x)',
      `        return torch.cat([self.norm(part) for part in x.split(${s.slice})])`,
    ],
    filterResponse: (s) => {
      const { positions, names } = axesOf(s.data, 'channelsFirst');
      return [
        `def filter_response_norm(x, gamma, beta, tau):  # x: ${names}; gamma, beta, tau: [C${', 1'.repeat(positions.length)}]`,
        `    size = torch.sqrt(x.square().mean(dim=${list(positions)}, keepdim=True) + ${s.epsilon})`,
        '    return torch.maximum(gamma * x / size + beta, tau)',
      ];
    },
    pixel: (s) => [
      `def pixel_norm(x):  # x: ${axesOf(s.data, 'channelsFirst').names}`,
      `    return x * torch.rsqrt(x.square().mean(dim=1, keepdim=True) + ${s.epsilon})`,
    ],
  },
};
