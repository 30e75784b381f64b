// The error summary takes the focus, so that a screen reader begins there.
export function startSummary(page) {
  page.querySelector('.summary')?.focus();
}
