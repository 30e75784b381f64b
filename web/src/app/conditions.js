// Shows and hides fields by their condition (data-hide), the same FEEL subset that the server decides with.
import { compile } from '../feel.js';

const IN_ROW = /^(.+)-(\d+)\.(.+)$/;

export function startConditions(page) {
  for (const form of page.querySelectorAll('form')) {
    if (!form.querySelector('[data-hide]')) continue;
    const apply = () => {
      const answers = read(form);
      for (const element of form.querySelectorAll('[data-hide]')) {
        element.hidden = compile(element.dataset.hide)(seenFrom(element, answers)) === true;
      }
    };
    form.addEventListener('input', apply);
    form.addEventListener('change', apply);
    apply();
  }
}

// The form's answers as the server reads them: numbers as numbers, lists of rows as lists.
export function read(form) {
  const answers = {};
  for (const control of form.elements) {
    if (!control.name || control.name.startsWith('_') || control.type === 'file') continue;
    const [scope, name] = place(answers, control.name);
    scope[name] = answer(control, scope[name], form);
  }
  return answers;
}

// Within a row of a checklist ([data-row="key-3"]) a condition sees that row and the item's points.
function seenFrom(element, answers) {
  const row = element.closest('[data-row]');
  if (!row) return answers;
  const [, key, index] = /^(.+)-(\d+)$/.exec(row.dataset.row);
  const before = JSON.parse(row.dataset.before || '{}');
  return { ...before, ...answers[key]?.[index], points: Number(row.dataset.points) };
}

function place(answers, name) {
  const row = IN_ROW.exec(name);
  if (!row) return [answers, name];
  const rows = (answers[row[1]] ??= []);
  return [(rows[row[2]] ??= {}), row[3]];
}

function answer(control, before, form) {
  if (control.type === 'radio') return control.checked ? control.value : (before ?? null);
  if (control.type === 'checkbox') {
    const many = 'many' in control.dataset || form.querySelectorAll(`[type=checkbox][name="${CSS.escape(control.name)}"]`).length > 1;
    if (!many) return control.checked;
    return [...(before ?? []), ...(control.checked ? [control.value] : [])];
  }
  if (control.multiple) return [...control.selectedOptions].map((option) => option.value);
  if (control.value === '') return null;
  return control.type === 'number' || /^(numeric|decimal)$/.test(control.inputMode) ? Number(control.value) : control.value;
}
