import { describe, expect, it } from 'vitest';
import { ANALYZED, type AnalyzedParams } from '../../../src/shared/protocol';
import { startEditor } from './editor';

const A = 'file:///w/a.ts';
const B = 'file:///w/b.ts';
const CONFIG = 'file:///w/normlens.config.json';

describe('diagnostics', () => {
  it('are published when a document opens, with range, rule, page, related place and data', async () => {
    const editor = await startEditor();
    const diagnostics = editor.next(A);
    await editor.open(A, 'x;\nconst BAD = 1;\n');
    expect(await diagnostics).toEqual([
      {
        range: { start: { line: 1, character: 6 }, end: { line: 1, character: 9 } },
        severity: 1,
        source: 'normlens',
        code: 'NL101',
        codeDescription: { href: 'https://github.com/normlens/normlens/blob/main/docs/rules/bn-axis-not-last.md' },
        message: 'this is bad',
        relatedInformation: [
          {
            location: { uri: A, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } },
            message: 'since here',
          },
        ],
        data: { ruleName: 'bn-axis-not-last', facts: { axis: 1 } },
      },
    ]);
    expect(editor.published.at(-1)?.version).toBe(1);
  });

  it('follow the text, and speak of the version that they were made from', async () => {
    const editor = await startEditor();
    const first = editor.next(A);
    await editor.open(A, 'BAD');
    expect(await first).toHaveLength(1);
    const second = editor.next(A);
    await editor.change(A, 2, 'BAD BAD');
    expect(await second).toHaveLength(2);
    expect(editor.published.at(-1)?.version).toBe(2);
  });

  it('are made once for a burst of keystrokes', async () => {
    const editor = await startEditor();
    const settled = editor.next(A);
    await editor.open(A, '');
    for (let version = 2; version <= 20; version += 1) await editor.change(A, version, 'BAD '.repeat(version));
    expect(await settled).toHaveLength(20);
    expect(editor.published).toHaveLength(1);
  });

  it('vanish when the document closes', async () => {
    const editor = await startEditor();
    const shown = editor.next(A);
    await editor.open(A, 'BAD');
    await shown;
    const cleared = editor.next(A);
    await editor.close(A);
    expect(await cleared).toEqual([]);
  });

  it('of a document come anew when a file that it imports is edited', async () => {
    const editor = await startEditor();
    await editor.open(A, 'import b.ts');
    await editor.open(B, 'fine');
    await editor.next(B);
    const own = editor.next(B);
    const importing = editor.next(A);
    await editor.change(B, 2, 'BAD');
    expect(await own).toHaveLength(1);
    await importing;
    expect(editor.analyzers[0]?.analyze('/w/a.ts').findings).toHaveLength(1);
  });

  it('speak of their own document only, not of what it imports', async () => {
    const editor = await startEditor({ files: { '/w/b.ts': 'BAD' } });
    const diagnostics = editor.next(A);
    await editor.open(A, 'BAD import b.ts');
    expect(await diagnostics).toHaveLength(1);
  });

  it('go on after the analyzer failed once, which the log tells', async () => {
    const editor = await startEditor();
    const logged = new Promise<string>((resolve) => {
      editor.connection.onNotification('window/logMessage', ({ message }: { message: string }) => resolve(message));
    });
    await editor.open(A, 'CRASH');
    expect(await logged).toContain('the analyzer has a bug');
    const diagnostics = editor.next(A);
    await editor.change(A, 2, 'BAD');
    expect(await diagnostics).toHaveLength(1);
  });

  it('come of the rest where the analyzer failed on a part, and the error is told', async () => {
    const editor = await startEditor();
    const logged = new Promise<string>((resolve) => {
      editor.connection.onNotification('window/logMessage', ({ message }: { message: string }) => resolve(message));
    });
    const analyzed = new Promise<AnalyzedParams>((resolve) => {
      editor.connection.onNotification(ANALYZED, resolve);
    });
    const diagnostics = editor.next(A);
    await editor.open(A, 'FAIL BAD');
    expect(await diagnostics).toHaveLength(1);
    expect(await logged).toContain('a part failed');
    expect(await analyzed).toMatchObject({ uri: A, failed: true });
  });

  it('of an untitled document come by its language', async () => {
    const editor = await startEditor();
    const uri = 'untitled:Untitled-1';
    const diagnostics = editor.next(uri);
    await editor.open(uri, 'BAD', 'javascript');
    expect(await diagnostics).toHaveLength(1);
  });
});

describe('settings', () => {
  it('switch the analysis off, for one resource and not for another', async () => {
    const editor = await startEditor({ settings: (uri) => ({ enable: uri !== A }) });
    const off = editor.next(A);
    const on = editor.next(B);
    await editor.open(A, 'BAD');
    await editor.open(B, 'BAD');
    expect(await off).toEqual([]);
    expect(await on).toHaveLength(1);
  });

  it('reach the analyzer as severities, which differ by resource', async () => {
    const editor = await startEditor({ settings: (uri) => ({ rules: { NL101: uri === A ? 'hint' : 'off' } }) });
    const hints = editor.next(A);
    const none = editor.next(B);
    await editor.open(A, 'BAD');
    await editor.open(B, 'BAD');
    expect((await hints).map(({ severity }) => severity)).toEqual([4]);
    expect(await none).toEqual([]);
  });

  it('hold anew after a change', async () => {
    let enable = true;
    const editor = await startEditor({ settings: () => ({ enable }) });
    const shown = editor.next(A);
    await editor.open(A, 'BAD');
    expect(await shown).toHaveLength(1);
    enable = false;
    const cleared = editor.next(A);
    await editor.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    expect(await cleared).toEqual([]);
  });

  it('that make no sense leave the defaults', async () => {
    const editor = await startEditor({ settings: () => ({ enable: 'perhaps', rules: { NL101: 7 }, inlayHints: 3 }) });
    const diagnostics = editor.next(A);
    await editor.open(A, 'BAD');
    expect((await diagnostics).map(({ severity }) => severity)).toEqual([1]);
  });
});

describe('files that are not open', () => {
  it('are read from the host when a document imports them', async () => {
    const files: Record<string, string> = { '/w/b.ts': 'f[1]' };
    const editor = await startEditor({ files });
    const before = editor.next(A);
    await editor.open(A, 'import b.ts');
    await before;
    files['/w/b.ts'] = 'BAD';
    const after = editor.next(A);
    await editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: B, type: 2 }] });
    await after;
    expect(editor.analyzers[0]?.analyze('/w/a.ts').findings).toHaveLength(1);
  });

  it('are asked of the editor, round by round, where the server has no disk', async () => {
    const files = { '/w/b.ts': 'import c.ts', '/w/c.ts': 'BAD' };
    const editor = await startEditor({ files, remote: true });
    const diagnostics = editor.next(A);
    await editor.open(A, 'import b.ts');
    await diagnostics;
    expect(editor.reads.map(({ uris }) => uris)).toEqual([[CONFIG], [B], ['file:///w/c.ts']]);
    expect(editor.analyzers[0]?.analyze('/w/a.ts').findings).toHaveLength(1);
  });
});
