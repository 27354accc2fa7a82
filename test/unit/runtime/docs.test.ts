import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as runtime from '../../../runtime/index';

it('the API page has a row for every norm that the runtime exports, and no other', () => {
  const page = readFileSync(new URL('../../../docs/runtime.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name).filter((name) => name !== 'parameters');
  const exported = Object.keys(runtime).filter((name) => /(Norm|Renorm|Tanh|Standardization)$/.test(name));
  expect(rows.toSorted()).toEqual(exported.toSorted());
});
