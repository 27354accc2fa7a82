import type { Cases } from './cases';
import { copyCases } from './copies';
import { gradientCases } from './gradients';
import { languageCases } from './language';
import { layerCases } from './layers';
import { memberCases } from './members';
import { opCases } from './ops';
import { shapeCases } from './shapes';
import { stepCases } from './steps';
import { trainingCases } from './training';
import { variantCases } from './variants';

/** The programs of all rules; a rule may come up several times. */
export const allCases: readonly Cases[] = [
  ...layerCases,
  ...opCases,
  ...trainingCases,
  ...gradientCases,
  ...copyCases,
  ...memberCases,
  ...languageCases,
  ...shapeCases,
  ...variantCases,
  ...stepCases,
];
