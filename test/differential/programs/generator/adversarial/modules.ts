/** Several files: cycles, live bindings, re-exports, shared state. */
import type { Snippet } from './snippet';

/** A snippet that imports other files; `$` in their texts and names is as in its own. */
export interface ModuleSnippet extends Snippet {
  readonly imports: string;
  readonly files: Readonly<Record<string, string>>;
}

const row = (imports: string, text: string, files: Readonly<Record<string, string>>): ModuleSnippet => ({
  family: 'modules',
  sloppy: false,
  top: true,
  imports,
  text,
  files,
});

export const moduleSnippets: readonly ModuleSnippet[] = [
  row("import { count$, bump$ } from './live$';", '@ count$\nbump$();\n@ count$\nbump$(§);\n@ count$', {
    live$: 'export let count$ = 1;\nexport function bump$(by = 1) { count$ += by; }',
  }),
  row("import { a$, sum$ } from './a$';", '@ a$\n@ sum$()', {
    a$: "import { b$ } from './b$';\nexport const a$ = 1;\nexport function sum$() { return a$ + b$; }",
    b$: "import { sum$ } from './a$';\nexport const b$ = typeof sum$ === 'function' ? §: 4;",
  }),
  row("import one$, { size$ as two$ } from './barrel$';", '@ one$\n@ two$', {
    barrel$: "export { default } from './leaf$';\nexport * from './leaf$';",
    leaf$: 'export const size$ = §;\nexport default size$ + 1;',
  }),
  row(
    "import { state$ } from './state$';\nimport { grow$ } from './grow$';",
    'grow$();\n@ state$.n\nstate$.n = §;\n@ grow$()',
    {
      state$: 'export const state$ = { n: 1, list: [] };',
      grow$:
        "import { state$ } from './state$';\nexport const grow$ = () => { state$.list.push(1); return (state$.n += 1); };",
    },
  ),
  row("import * as ns$ from './space$';", '@ ns$.n\n@ Object.keys(ns$).length\n@ "n" in ns$ ? 2 : 1\n@ ns$["f"]()', {
    space$: 'export const n = §;\nexport const f = () => n + 1;\nexport default 3;',
  }),
  row("import './side$';\nimport { order$ } from './order$';", 'order$.push(3);\n@ order$.length\n@ order$[0]', {
    order$: 'export const order$ = [];',
    side$: "import { order$ } from './order$';\norder$.push(§);",
  }),
  row("import value$, { set$ } from './fixed$';", 'set$(4);\n@ value$', {
    fixed$: 'let value = §;\nexport default value;\nexport const set$ = (v) => { value = v; };',
  }),
  row("import { late$ } from './first$';", '@ late$()\n@ late$.n ?? 3', {
    first$: "import { other$ } from './second$';\nexport function late$() { return other$ + 1; }\nlate$.n = 2;",
    second$: "import { late$ } from './first$';\nlate$.m = 1;\nexport const other$ = late$.m + (late$.n ?? 0);",
  }),
  row(
    "import { Shape$ } from './base$';\nimport { Box$ } from './box$';",
    '@ new Box$().size()\n@ Shape$.made\n@ new Box$() instanceof Shape$ ? 2 : 1',
    {
      base$: 'export class Shape$ { static made = 0; constructor() { Shape$.made += 1; } size() { return 1; } }',
      box$: "import { Shape$ } from './base$';\nexport class Box$ extends Shape$ { size() { return super.size() + §; } }",
    },
  ),
];
