import { flax } from './frameworks/flax';
import type { Framework, FrameworkName } from './frameworks/framework';
import { keras } from './frameworks/keras';
import { pytorch } from './frameworks/pytorch';
import { tfjs } from './frameworks/tfjs';
import { type CodeSettings, isAlone } from './settings';

export const frameworks: Readonly<Record<FrameworkName, Framework>> = { tfjs, keras, pytorch, flax };

/** The norm of the settings in a framework's own words, ready to run beside its import. */
export function codeOf(name: FrameworkName, settings: CodeSettings): string {
  const { comment, imports, norms, remarks } = frameworks[name];
  if (isAlone(settings)) {
    return `${comment} Of a vector each set would hold one number: every output is beta, whatever comes in.\n`;
  }
  const said = (remarks?.(settings) ?? []).map((words) => `${comment} ${words}`);
  return `${[imports(settings), '', ...said, ...norms[settings.norm](settings)].join('\n')}\n`;
}
