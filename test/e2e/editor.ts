import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { launchBrowser } from './browser';

interface Server {
  readonly origin: string;
  stop(): Promise<void>;
}

interface Folders {
  readonly userDataDir: string;
  readonly extensionsDir: string;
}

const require = createRequire(import.meta.url);
const { installExtension, startCodeServer } = require('../tools/codeServer.js') as {
  installExtension(vsix: string, folders: Folders): void;
  startCodeServer(options: Folders & { folder: string; settings?: object }): Promise<Server>;
};
const { vsix } = require('../tools/package.js') as { vsix: string };

const PICTURES = resolve('test/output/pictures');

/** A real VS Code with the packed extension, on a copy of a folder. */
export class Editor {
  page: Page;
  readonly folder: string;
  readonly #end: () => Promise<void>;

  /** The file of the user's settings. */
  readonly #settings: string;

  private constructor(page: Page, folder: string, settings: string, end: () => Promise<void>) {
    this.page = page;
    this.folder = folder;
    this.#settings = settings;
    this.#end = end;
  }

  static async start(source: string, settings: object = {}): Promise<Editor> {
    const temporary = mkdtempSync(join(tmpdir(), 'normlens-e2e-'));
    const folder = join(temporary, 'workspace');
    cpSync(resolve(source), folder, { recursive: true });
    const folders = { userDataDir: join(temporary, 'user'), extensionsDir: join(temporary, 'extensions') };
    installExtension(vsix, folders);
    const server = await startCodeServer({ ...folders, folder, settings });
    let browser: Browser | undefined;
    const end = async () => {
      await browser?.close();
      await server.stop();
      rmSync(temporary, { recursive: true, force: true });
    };
    try {
      browser = await launchBrowser();
      const permissions = ['clipboard-read', 'clipboard-write'];
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, permissions });
      const page = await context.newPage();
      await page.goto(`${server.origin}/?folder=${encodeURIComponent(folder)}`);
      await page.waitForSelector('.monaco-workbench .explorer-folders-view .monaco-list-row', { timeout: 90_000 });
      return new Editor(page, folder, join(folders.userDataDir, 'User', 'settings.json'), end);
    } catch (error) {
      await end();
      throw error;
    }
  }

  /** Opens a file of the folder by its name. */
  async open(name: string): Promise<void> {
    const { page } = this;
    await page.keyboard.press('Control+P');
    await page.waitForSelector('.quick-input-widget:not([style*="display: none"]) input');
    await page.keyboard.type(name);
    await page.waitForSelector(`.quick-input-list .monaco-list-row.focused[aria-label*="${name.split('/').at(-1)}"]`);
    await page.keyboard.press('Enter');
    await page.waitForSelector(`.tab.active[data-resource-name="${name.split('/').at(-1)}"]`);
    await page.waitForSelector('.monaco-editor .view-line');
  }

  /** Runs a command by its title. */
  async command(title: string): Promise<void> {
    const { page } = this;
    await page.keyboard.press('F1');
    await page.waitForSelector('.quick-input-widget:not([style*="display: none"]) input');
    await page.keyboard.type(title);
    await page.waitForSelector(`.quick-input-list .monaco-list-row.focused[aria-label*="${title}"]`);
    await page.keyboard.press('Enter');
  }

  /** Puts the cursor at a line and column, counted from 1. */
  async goTo(line: number, column: number): Promise<void> {
    const { page } = this;
    await page.keyboard.press('Control+G');
    await page.waitForSelector('.quick-input-widget:not([style*="display: none"]) input');
    await page.keyboard.type(`${line}:${column}`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.monaco-editor.focused');
  }

  /** Rests the mouse over something, whatever lies on top of it. */
  async pointAt(target: Locator): Promise<void> {
    const box = await target.boundingBox();
    if (box === null) throw new Error('there is nothing to point at');
    await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
  }

  /** Changes one of the user's settings, for the next window. */
  setting(name: string, value: unknown): void {
    const settings: unknown = JSON.parse(readFileSync(this.#settings, 'utf8'));
    writeFileSync(this.#settings, JSON.stringify({ ...(settings as object), [name]: value }, null, 2));
  }

  /** What the extension keeps in a file of this name for its workspace; empty while there is none. */
  kept(name: string): string {
    const root = dirname(this.#settings);
    const file = readdirSync(root, { recursive: true }).find((path) => basename(String(path)) === name);
    return file === undefined ? '' : readFileSync(join(root, String(file)), 'utf8');
  }

  /** The playground's own frame: an iframe in an iframe, found by what is in it. */
  async playground(within = 60_000): Promise<Frame> {
    const deadline = Date.now() + within;
    while (Date.now() < deadline) {
      for (const frame of this.page.frames()) {
        const scenes = frame.locator('#playground .scene');
        if ((await scenes.count().catch(() => 0)) > 0) return frame;
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error('the playground did not open');
  }

  /** The editor's own way to load the window anew, which saves what its views hold. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load', { timeout: 60_000 });
    await this.command('Developer: Reload Window');
    await loaded;
  }

  /** Closes the window, and opens the folder in another. */
  async restart(): Promise<void> {
    const { page } = this;
    const address = page.url();
    this.page = await page.context().newPage();
    await page.close();
    await this.page.goto(address);
  }

  /** A picture of the window in test/output/pictures. */
  async picture(name: string): Promise<void> {
    mkdirSync(PICTURES, { recursive: true });
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }

  async stop(): Promise<void> {
    await this.#end();
  }
}
