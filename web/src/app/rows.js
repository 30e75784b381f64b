// Lists of like fields ([data-rows="key"], rows of class .item): 增加 and 删除 without asking the server.
// Names and ids hold the row's number as "key-3."; the server reads rows in the order of their numbers.
export function startRows(page) {
  for (const list of page.querySelectorAll('[data-rows]')) {
    list.addEventListener('click', (event) => {
      const button = event.target.closest('button');
      if (button?.name !== '_add' && button?.name !== '_del') return;
      if (button.closest('[data-rows]') !== list) return;
      event.preventDefault();
      if (button.name === '_add') add(list);
      else remove(list, button.closest('.item'));
      list.dispatchEvent(new Event('input', { bubbles: true }));
    });
  }
}

const rows = (list) => [...list.querySelectorAll('.item')].filter((row) => row.closest('[data-rows]') === list);

function add(list) {
  const present = rows(list);
  if (present.length >= Number(list.dataset.max || 20)) return;
  const last = present[present.length - 1];
  const fresh = last.cloneNode(true);
  renumber(fresh, list.dataset.rows, 1 + Math.max(...present.map((row) => numberOf(row, list.dataset.rows))));
  empty(fresh);
  last.after(fresh);
  settle(list);
  fresh.querySelector('input, select, textarea')?.focus();
}

function remove(list, row) {
  const near = row.nextElementSibling ?? row.previousElementSibling;
  if (rows(list).length > 1) row.remove();
  else empty(row);
  settle(list);
  near?.querySelector('input, select, textarea, button')?.focus();
}

function settle(list) {
  const full = rows(list).length >= Number(list.dataset.max || 20);
  for (const button of list.querySelectorAll('button[name=_add]')) button.disabled = full;
}

function numberOf(row, key) {
  const named = [...row.querySelectorAll('[name]')].map((control) => control.name.split(`${key}-`)[1]);
  return Math.max(0, ...named.map((rest) => Number.parseInt(rest, 10)).filter(Number.isInteger));
}

function renumber(row, key, number) {
  const mark = new RegExp(`${key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}-\\d+`, 'g');
  for (const element of [row, ...row.querySelectorAll('*')]) {
    for (const { name, value } of element.attributes) {
      if (['id', 'name', 'for', 'value', 'aria-describedby', 'aria-labelledby'].includes(name)) {
        element.setAttribute(name, value.replace(mark, `${key}-${number}`));
      }
    }
  }
}

function empty(row) {
  row.querySelectorAll('.err, .files').forEach((element) => element.remove());
  row.querySelectorAll('.bad').forEach((element) => element.classList.remove('bad'));
  for (const control of row.querySelectorAll('input, select, textarea')) {
    control.removeAttribute('aria-invalid');
    if (control.type === 'checkbox' || control.type === 'radio') control.checked = false;
    else if (control.type !== 'hidden') control.value = '';
  }
}
