// 复制: copies the text of the element named by data-copy and says so.
export function startCopy(page) {
  if (!navigator.clipboard) return;
  for (const button of page.querySelectorAll('[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(page.querySelector(button.dataset.copy).textContent.trim());
      button.textContent = '已复制';
    });
  }
}
