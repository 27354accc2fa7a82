/** The page's theme outside an editor, which would bring its own. */

/** The names that VS Code gives the kinds of theme, by those that `?theme=` takes. */
const KINDS: Readonly<Record<string, string>> = {
  light: 'vscode-light',
  dark: 'vscode-dark',
  'hc-dark': 'vscode-high-contrast',
  'hc-light': 'vscode-high-contrast-light',
};

/** Sets the kind that the address asks for, else the system's; and follows the system. */
export function applyTheme(): void {
  const asked = KINDS[new URLSearchParams(window.location.search).get('theme') ?? ''];
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const contrast = window.matchMedia('(prefers-contrast: more)');
  const apply = () => {
    const system = contrast.matches ? (dark.matches ? 'hc-dark' : 'hc-light') : dark.matches ? 'dark' : 'light';
    const kind = asked ?? KINDS[system] ?? '';
    document.body.classList.remove(...Object.values(KINDS));
    // The toolkit looks at the class, as the editor sets it.
    document.body.classList.add(kind, 'standalone');
    document.body.dataset.vscodeThemeKind = kind;
  };
  dark.addEventListener('change', apply);
  contrast.addEventListener('change', apply);
  apply();
}
