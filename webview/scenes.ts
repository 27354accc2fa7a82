import { axesScene } from './axes';
import { batchScene } from './batch';
import { couplingScene } from './coupling';
import type { Scene } from './scene';
import { styleScene } from './style';
import { trainScene } from './train';
import { yourCodeScene } from './yourCode';

/** The scenes, in the order of their tabs. A scene is a folder, and a line here. */
export const scenes: readonly Scene[] = [axesScene, batchScene, couplingScene, trainScene, styleScene, yourCodeScene];
