// Tables of numbers (table[data-totals]): sums of rows and columns while typing. The server adds up again.
export function startTotals(page) {
  for (const table of page.querySelectorAll('table[data-totals]')) {
    table.addEventListener('input', () => addUp(table));
    addUp(table);
  }
}

function addUp(table) {
  const rows = [...table.querySelectorAll('tr[data-row]')];
  const cell = (row, column) => row?.querySelector(`[data-col="${column}"]`);
  const named = new Map(rows.map((row) => [row.dataset.row, row]));
  const columns = [...new Set([...table.querySelectorAll('[data-col]')].map((one) => one.dataset.col))];
  const write = (output, parts) => {
    if (output?.tagName === 'OUTPUT') output.value = plain(parts.reduce((sum, part) => sum + number(part), 0));
  };
  for (const row of rows.filter((one) => one.dataset.sum)) {
    const parts = row.dataset.sum.split(' ').map((key) => named.get(key));
    for (const column of columns) write(cell(row, column), parts.map((part) => cell(part, column)));
  }
  for (const output of table.querySelectorAll('output[data-sum]')) {
    const row = output.closest('tr');
    write(output, output.dataset.sum.split(' ').map((column) => cell(row, column)));
  }
}

const number = (control) => Number((control?.value ?? '').replaceAll(',', '').trim()) || 0;
const plain = (sum) => String(Math.round(sum * 1e6) / 1e6);
