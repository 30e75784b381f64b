// htmx: a page may exchange a part of itself (hx-* attributes) instead of loading anew.
import htmx from 'htmx.org';

Object.assign(htmx.config, {
  allowEval: false, // the content security policy forbids it anyway
  includeIndicatorStyles: false, // a style element would be refused; the stylesheet has them
  selfRequestsOnly: true,
  historyCacheSize: 0, // pages hold cases: nothing of them is kept in the browser
  scrollIntoViewOnBoost: false,
});

// `start` is called with every part that came in after the page itself.
export function partial(start) {
  document.addEventListener('htmx:configRequest', ({ detail }) => {
    const token = document.querySelector('[name=csrf_token]')?.value;
    if (detail.verb !== 'get' && token) detail.headers['X-CSRFToken'] = token;
  });
  document.addEventListener('htmx:afterSwap', ({ detail }) => start(detail.elt));
}
