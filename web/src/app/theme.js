// 深色/浅色: follows the system until the person chooses.
const KEY = 'ducha-theme';

export function startTheme(page) {
  const root = page.documentElement;
  const chosen = read();
  if (chosen) root.dataset.theme = chosen;
  for (const button of page.querySelectorAll('[data-theme-switch]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
      root.dataset.theme = dark ? 'light' : 'dark';
      try {
        localStorage.setItem(KEY, root.dataset.theme);
      } catch {
        // a browser that keeps nothing still switches this page
      }
    });
  }
}

function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
