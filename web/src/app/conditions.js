// Shows and hides fields by their condition (data-hide), the same FEEL subset that the server decides with.
import { compile } from './feel.js';

export function startConditions(page) {
  for (const form of page.querySelectorAll('form')) {
    const fields = [...form.querySelectorAll('[data-hide]')].map((element) => ({ element, hidden: compile(element.dataset.hide) }));
    if (!fields.length) continue;
    const apply = () => {
      const answers = read(form);
      for (const { element, hidden } of fields) element.hidden = hidden(answers) === true;
    };
    form.addEventListener('input', apply);
    form.addEventListener('change', apply);
    apply();
  }
}

function read(form) {
  const answers = {};
  for (const control of form.elements) {
    const name = control.name;
    if (!name || name.startsWith('_') || control.type === 'file') continue;
    if (control.type === 'radio') {
      if (control.checked) answers[name] = control.value;
      else answers[name] ??= null;
    } else if (control.type === 'checkbox') {
      const many = control.hasAttribute('data-many') || form.querySelectorAll(`[type=checkbox][name="${CSS.escape(name)}"]`).length > 1;
      if (many) (answers[name] ??= []).push(...(control.checked ? [control.value] : []));
      else answers[name] = control.checked;
    } else {
      answers[name] = control.value === '' ? null : control.type === 'number' || control.inputMode === 'numeric' ? Number(control.value) : control.value;
    }
  }
  return answers;
}
