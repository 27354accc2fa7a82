import { describe, expect, it } from 'vitest';
import { CancellationTokenSource, WorkDoneProgress } from 'vscode-languageserver/node';
import { ANALYZE_WORKSPACE, type AnalyzeWorkspaceResult } from '../../../src/shared/protocol';
import { startEditor } from './editor';

const params = { workDoneToken: 'token' };
const uriOf = (name: string) => `file:///w/${name}`;

describe('the workspace analysis', () => {
  it.each([false, true])('publishes the findings of files that are not open (without a disk: %s)', async (remote) => {
    const editor = await startEditor({ files: { '/w/a.ts': 'BAD', '/w/b.ts': 'fine', '/w/c.js': 'BAD BAD' }, remote });
    const result = await editor.connection.sendRequest<AnalyzeWorkspaceResult>(ANALYZE_WORKSPACE, params);
    expect(result).toEqual({
      files: 3,
      findings: { error: 3, warning: 0, information: 0, hint: 0 },
      cancelled: false,
    });
    const counts = editor.published.map(({ uri, diagnostics }) => [uri, diagnostics.length]);
    expect(counts).toEqual([
      [uriOf('a.ts'), 1],
      [uriOf('b.ts'), 0],
      [uriOf('c.js'), 2],
    ]);
  });

  it('tells its progress', async () => {
    const editor = await startEditor({ files: { '/w/a.ts': '', '/w/b.ts': '' } });
    const told: unknown[] = [];
    editor.connection.onProgress(WorkDoneProgress.type, 'token', (value) => {
      told.push(value);
    });
    await editor.connection.sendRequest(ANALYZE_WORKSPACE, params);
    expect(told[0]).toEqual({ kind: 'report', message: '0 of 2 files', percentage: 0 });
  });

  it('ends when it is cancelled', async () => {
    const names = Array.from({ length: 5_000 }, (_, i) => `/w/f${i}.ts`);
    const editor = await startEditor({ files: Object.fromEntries(names.map((name) => [name, 'BAD'])) });
    const source = new CancellationTokenSource();
    editor.connection.onProgress(WorkDoneProgress.type, 'token', () => source.cancel());
    const result = await editor.connection.sendRequest<AnalyzeWorkspaceResult>(ANALYZE_WORKSPACE, params, source.token);
    expect(result.cancelled).toBe(true);
    expect(result.files).toBeLessThan(5_000);
  });

  it('keeps what it published when a document closes, as the file on disk has it', async () => {
    const a = uriOf('a.ts');
    const editor = await startEditor({ files: { '/w/a.ts': 'BAD' } });
    await editor.connection.sendRequest(ANALYZE_WORKSPACE, params);
    const edited = editor.next(a);
    await editor.open(a, 'fine');
    expect(await edited).toEqual([]);
    const closed = editor.next(a);
    await editor.close(a);
    expect(await closed).toHaveLength(1);
  });

  it('takes back what it published when a file vanishes', async () => {
    const a = uriOf('a.ts');
    const files: Record<string, string> = { '/w/a.ts': 'BAD' };
    const editor = await startEditor({ files });
    await editor.connection.sendRequest(ANALYZE_WORKSPACE, params);
    delete files['/w/a.ts'];
    const gone = editor.next(a);
    await editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: a, type: 3 }] });
    expect(await gone).toEqual([]);
  });
});
