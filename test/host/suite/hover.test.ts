import { ok } from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, expectRules, open } from '../normlens';

describe('a hover', () => {
  afterEach(closeAll);

  it('on a layer tells its shapes, and on a misuse what to do', async () => {
    const { document } = await open('src/encoder.ts');
    await expectRules(document.uri, ['NL101']);
    const at = document.positionAt(document.getText().indexOf('axis: 1'));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      at,
    );
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      .join('\n');
    ok(text.includes('[null, 26, 26, 8]'), text);
    ok(text.includes('NL101'), text);
  });
});
