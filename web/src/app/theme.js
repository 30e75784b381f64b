// 深色/浅色: follows the system until the person chooses; a cookie remembers, so that the server draws it right at once.
const YEAR_S = 31536000;

export function startTheme(page) {
  const root = page.documentElement;
  for (const button of page.querySelectorAll('[data-theme-switch]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
      root.dataset.theme = dark ? 'light' : 'dark';
      page.cookie = `theme=${root.dataset.theme}; path=/; max-age=${YEAR_S}; samesite=lax`;
    });
  }
}
