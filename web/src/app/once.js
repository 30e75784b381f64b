// A second click on a submit button must not send the form twice while the first is on its way.
export function startOnce(page) {
  for (const form of page.querySelectorAll('form[method=post]')) {
    form.addEventListener('submit', (event) => {
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = 'yes';
      form.querySelectorAll('button:not([type=button])').forEach((button) => button.setAttribute('aria-busy', 'true'));
    });
  }
  if (page === document) window.addEventListener('pageshow', release);
}

// Coming back with the back button: the form may be sent again, the server knows a repeated key.
function release() {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent;
    form.querySelectorAll('[aria-busy]').forEach((button) => button.removeAttribute('aria-busy'));
  }
}
