import { axes } from './axes';
import { batch } from './batch';
import { code } from './code';
import { coupling } from './coupling';
import { shared } from './shared';
import { style } from './style';
import { train } from './train';

/**
 * The one table: each row is a property of the playground's state, with its type, range, default, label and scenes. Controls,
 * links, saved state and what a diagnostic hands over all follow from it. A scene adds a file here and a line below.
 */
export const properties = { ...shared, ...axes, ...batch, ...coupling, ...train, ...style, ...code };
