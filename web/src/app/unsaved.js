// Leaving a form with typed and unsent words asks first. A saved draft (drafts.js) makes it clean again.
export function startUnsaved(page) {
  for (const form of page.querySelectorAll('form.form[method=post]')) {
    form.addEventListener('input', () => (form.dataset.dirty = 'yes'));
  }
  if (page !== document) return;
  window.addEventListener('beforeunload', (event) => {
    if (document.querySelector('form.form[data-dirty]:not([data-sent])')) event.preventDefault();
  });
}
