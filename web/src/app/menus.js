// Menus (details[data-menu]) close on Escape and on a click elsewhere.
export function startMenus(page) {
  const close = (except) => page.querySelectorAll('details[data-menu][open]').forEach((menu) => menu.contains(except) || (menu.open = false));
  page.addEventListener('click', (event) => close(event.target));
  page.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    page.activeElement?.closest('details[data-menu][open]')?.querySelector('summary').focus();
    close(null);
  });
}
