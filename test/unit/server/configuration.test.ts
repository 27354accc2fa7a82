import { describe, expect, it } from 'vitest';
import { type Editor, startEditor } from './editor';

const A = 'file:///w/src/a.ts';
const CONFIG = 'file:///w/normlens.config.json';
const CONFIG_PATH = '/w/normlens.config.json';

/** The severities of what is shown for a document. */
async function severities(editor: Editor, uri: string, act: () => Promise<void>) {
  const next = editor.next(uri);
  await act();
  return (await next).map(({ severity }) => severity);
}

const WARNING = '{ "rules": { "bn-axis-not-last": "warning" } }';

describe('normlens.config.json in the editor', () => {
  it('sets severities and assumptions of the files below it', async () => {
    const text = '{ "rules": { "NL101": "hint" }, "assume": { "batchSize": 64, "src/a.ts#f(n)": 3 } }';
    const editor = await startEditor({ files: { [CONFIG_PATH]: text } });
    expect(await severities(editor, A, () => editor.open(A, 'BAD'))).toEqual([4]);
    expect(editor.analyzers[0]?.options.assumptions).toMatchObject({
      batchSize: 64,
      parameters: [{ file: '/w/src/a.ts', function: 'f', parameter: 'n', value: 3 }],
    });
  });

  it('gives way to the settings of the editor, whichever name they use', async () => {
    const rules = { NL101: 'information' };
    const editor = await startEditor({ files: { [CONFIG_PATH]: WARNING }, settings: () => ({ rules }) });
    expect(await severities(editor, A, () => editor.open(A, 'BAD'))).toEqual([3]);
    const other = await startEditor({
      files: { [CONFIG_PATH]: '{ "rules": { "NL101": "off" } }' },
      settings: () => ({ rules: { 'bn-axis-not-last': 'hint' } }),
    });
    expect(await severities(other, A, () => other.open(A, 'BAD'))).toEqual([4]);
  });

  it('leaves files out', async () => {
    const editor = await startEditor({ files: { [CONFIG_PATH]: '{ "exclude": ["src"] }' } });
    expect(await severities(editor, A, () => editor.open(A, 'BAD'))).toEqual([]);
    const b = 'file:///w/b.ts';
    expect(await severities(editor, b, () => editor.open(b, 'BAD'))).toEqual([1]);
  });

  it('is heard of when it comes, changes and goes', async () => {
    const files: Record<string, string> = {};
    const editor = await startEditor({ files });
    const changed = (type: number) => () =>
      editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: CONFIG, type }] });
    expect(await severities(editor, A, () => editor.open(A, 'BAD'))).toEqual([1]);
    files[CONFIG_PATH] = WARNING;
    expect(await severities(editor, A, changed(1))).toEqual([2]);
    files[CONFIG_PATH] = '{ "rules": { "NL101": "hint" } }';
    expect(await severities(editor, A, changed(2))).toEqual([4]);
    delete files[CONFIG_PATH];
    expect(await severities(editor, A, changed(3))).toEqual([1]);
  });

  it('is heard of while it is typed, before it is saved', async () => {
    const editor = await startEditor({ files: { [CONFIG_PATH]: '{}' } });
    expect(await severities(editor, A, () => editor.open(A, 'BAD'))).toEqual([1]);
    expect(await severities(editor, A, () => editor.open(CONFIG, '{}', 'jsonc'))).toEqual([1]);
    expect(await severities(editor, A, () => editor.change(CONFIG, 2, WARNING))).toEqual([2]);
    // Closed without saving: the disk's text holds again.
    expect(await severities(editor, A, () => editor.close(CONFIG))).toEqual([1]);
  });

  it('with a mistake has a diagnostic at its place, and the rest of it holds', async () => {
    const editor = await startEditor({
      files: { [CONFIG_PATH]: '{\n  "rules": { "NL101": "hint", "NL999": "off" }\n}' },
    });
    const told = editor.next(CONFIG);
    expect(await severities(editor, A, () => editor.open(A, 'BAD'))).toEqual([4]);
    expect(await told).toEqual([
      {
        range: { start: { line: 1, character: 30 }, end: { line: 1, character: 37 } },
        severity: 2,
        source: 'normlens',
        message: 'there is no rule “NL999”',
      },
    ]);
    const mended = editor.next(CONFIG);
    await editor.open(CONFIG, '{}', 'jsonc');
    expect(await mended).toEqual([]);
  });

  it('is not analyzed as a program', async () => {
    const editor = await startEditor({ files: { [CONFIG_PATH]: '' } });
    const told = editor.next(CONFIG);
    await editor.open(CONFIG, 'BAD', 'jsonc');
    expect((await told).map(({ code }) => code)).toEqual([undefined]);
    const hover = { textDocument: { uri: CONFIG }, position: { line: 0, character: 1 } };
    expect(await editor.connection.sendRequest('textDocument/hover', hover)).toBeNull();
  });

  it('is read through an editor whose files are on no disk', async () => {
    const editor = await startEditor({ files: { [CONFIG_PATH]: WARNING }, remote: true });
    expect(await severities(editor, A, () => editor.open(A, 'BAD'))).toEqual([2]);
  });

  it('outside the workspace’s folders is not looked for', async () => {
    const editor = await startEditor({
      files: { '/normlens.config.json': WARNING, '/v/normlens.config.json': WARNING },
    });
    const other = 'file:///v/a.ts';
    expect(await severities(editor, other, () => editor.open(other, 'BAD'))).toEqual([1]);
    expect(await severities(editor, A, () => editor.open(A, 'BAD'))).toEqual([1]);
  });
});
