// 暂存: what is typed is sent to data-draft-url a moment after the last key; leaving with unsent words warns.
const PAUSE_MS = 1500;

export function startDrafts(page) {
  for (const form of page.querySelectorAll('form[data-draft-url]')) watch(form);
}

function watch(form) {
  const state = form.querySelector('[data-draft-state]');
  let timer = 0;
  let dirty = false;

  const say = (text) => {
    if (state) state.textContent = text;
  };

  const save = async () => {
    clearTimeout(timer);
    if (!dirty) return;
    dirty = false;
    say('正在保存草稿…');
    try {
      const answer = await fetch(form.dataset.draftUrl, {
        method: 'POST',
        body: words(form),
        headers: { 'X-CSRFToken': form.elements.csrf_token?.value ?? '', Accept: 'application/json' },
        credentials: 'same-origin',
        keepalive: true,
      });
      if (!answer.ok) throw new Error(answer.status);
      const { saved } = await answer.json();
      say(`草稿已自动保存 ${saved}`);
    } catch {
      dirty = true;
      say('草稿没有保存上：请检查网络，或直接提交');
    }
  };

  form.addEventListener('input', (event) => {
    if (event.target.type === 'file') return;
    dirty = true;
    say('有未保存的修改');
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  });
  document.addEventListener('visibilitychange', () => document.hidden && save());
  window.addEventListener('beforeunload', (event) => {
    if (dirty && !form.dataset.sent) event.preventDefault();
  });
}

// Files are not part of a draft: they are sent with the form.
function words(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
  return data;
}
