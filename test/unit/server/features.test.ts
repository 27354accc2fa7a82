import { describe, expect, it } from 'vitest';
import type { CodeAction, Hover, InlayHint } from 'vscode-languageserver/node';
import { type EditorOptions, startEditor } from './editor';

const A = 'file:///w/a.ts';
const everything = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

async function opened(text: string, options: EditorOptions = {}) {
  const editor = await startEditor(options);
  const diagnostics = editor.next(A);
  await editor.open(A, text);
  return { editor, diagnostics: await diagnostics };
}

describe('a hover', () => {
  it('tells why a finding matters, links its page, and shows the shapes of the call', async () => {
    const { editor } = await opened('f[BAD,4]');
    const hover = await editor.connection.sendRequest<Hover>('textDocument/hover', {
      textDocument: { uri: A },
      position: { line: 0, character: 3 },
    });
    const { value } = hover.contents as { value: string };
    // Code stays code; what would be markup elsewhere is text.
    expect(value).toContain('make `[it]` good\\_and \\*fine\\*');
    expect(value).toContain('[NL101 bn-axis-not-last](https://');
    expect(value).toContain('[2, 3] → [NaN, 4]');
    expect(hover.range).toEqual({ start: { line: 0, character: 2 }, end: { line: 0, character: 5 } });
  });

  it('tells where inference stopped', async () => {
    const { editor } = await opened('f[?]');
    const hover = await editor.connection.sendRequest<Hover>('textDocument/hover', {
      textDocument: { uri: A },
      position: { line: 0, character: 1 },
    });
    expect((hover.contents as { value: string }).value).toContain('`load` is not in the workspace');
  });

  it('is silent elsewhere', async () => {
    const { editor } = await opened('const quiet = 1;');
    const params = { textDocument: { uri: A }, position: { line: 0, character: 8 } };
    expect(await editor.connection.sendRequest('textDocument/hover', params)).toBeNull();
  });
});

describe('shape hints', () => {
  const hintsOf = async (text: string, inlayHints: object = {}) => {
    const { editor } = await opened(text, { settings: () => ({ inlayHints }) });
    const params = { textDocument: { uri: A }, range: everything };
    return editor.connection.sendRequest<InlayHint[]>('textDocument/inlayHint', params);
  };

  it('stand behind each call', async () => {
    const hints = await hintsOf('f[1,2];\n  f[3];\n');
    expect(hints.map(({ label, position }) => ({ label, position }))).toEqual([
      { label: '[1,2]', position: { line: 0, character: 6 } },
      { label: '[3]', position: { line: 1, character: 6 } },
    ]);
  });

  it('are left out where nothing is known, unless asked for', async () => {
    expect(await hintsOf('f[?]')).toEqual([]);
    const [hint] = await hintsOf('f[?]', { unknown: true });
    expect(hint?.label).toBe('?');
    expect(hint?.tooltip).toContain('`load` is not in the workspace');
  });

  it('can be switched off', async () => {
    expect(await hintsOf('f[1]', { enable: false })).toEqual([]);
  });
});

describe('code actions', () => {
  const actionsOf = async (text: string, only?: string[]) => {
    const { editor, diagnostics } = await opened(text);
    const context = { diagnostics, ...(only ? { only } : {}) };
    const params = { textDocument: { uri: A }, range: diagnostics[0]?.range ?? everything, context };
    return editor.connection.sendRequest<CodeAction[]>('textDocument/codeAction', params);
  };

  it('are the fixes of the finding, the safe one preferred', async () => {
    const actions = await actionsOf('let BAD;');
    expect(actions.map(({ title, isPreferred, kind }) => ({ title, isPreferred, kind }))).toEqual([
      { title: 'Make it good', isPreferred: true, kind: 'quickfix' },
      { title: 'Make it another', isPreferred: false, kind: 'quickfix' },
      { title: 'Suppress NL101 on this line', isPreferred: undefined, kind: 'quickfix' },
    ]);
    const range = { start: { line: 0, character: 4 }, end: { line: 0, character: 7 } };
    expect(actions[0]?.edit?.changes).toEqual({ [A]: [{ range, newText: 'GOOD' }] });
    expect(actions[0]?.diagnostics).toHaveLength(1);
  });

  it('fix all that is safe at once', async () => {
    const [action, ...more] = await actionsOf('BAD; BAD; BAD', ['source.fixAll']);
    expect(more).toEqual([]);
    expect(action?.kind).toBe('source.fixAll.normlens');
    expect(action?.edit?.changes?.[A]?.map(({ newText }) => newText)).toEqual(['GOOD', 'GOOD', 'GOOD']);
  });

  it('offer to fix all that is safe where there is more than one such finding', async () => {
    const actions = await actionsOf('BAD;\nBAD;\n');
    const all = actions.find(({ title }) => title === 'Fix all safe Normlens problems in this file');
    expect(all?.kind).toBe('quickfix');
    expect(all?.edit?.changes?.[A]?.map(({ newText }) => newText)).toEqual(['GOOD', 'GOOD']);
  });

  it('change no file but the one that is saved when they fix all', async () => {
    const { editor } = await opened('BAD', { files: { '/w/b.ts': 'BAD' } });
    await editor.change(A, 2, 'BAD import b.ts');
    const context = { diagnostics: [], only: ['source.fixAll'] };
    const params = { textDocument: { uri: A }, range: everything, context };
    const [action] = await editor.connection.sendRequest<CodeAction[]>('textDocument/codeAction', params);
    expect(Object.keys(action?.edit?.changes ?? {})).toEqual([A]);
  });

  it('silence a finding by a comment on the line before it, at its indent, once for a rule', async () => {
    const actions = await actionsOf('{\n  BAD BAD;\n}');
    const silencing = actions.filter(({ title }) => title.startsWith('Suppress'));
    const start = { line: 1, character: 0 };
    expect(silencing.map(({ edit }) => edit?.changes)).toEqual([
      { [A]: [{ range: { start, end: start }, newText: '  // normlens-disable-next-line NL101 -- \n' }] },
    ]);
    expect(silencing[0]?.diagnostics).toHaveLength(1);
  });

  it('are none where there is no finding', async () => {
    expect(await actionsOf('fine')).toEqual([]);
  });
});
