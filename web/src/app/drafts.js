// 暂存: what is typed is sent to data-draft-url a moment after the last key. Files are sent with the form only.
const PAUSE_MS = 1500;
const LOST = '草稿没有保存上：请检查网络，或直接提交';
const LAPSED = '登录已过期，草稿没有保存：请直接提交，重新登录后内容还在';

export function startDrafts(page) {
  for (const form of page.querySelectorAll('form[data-draft-url]')) watch(form);
}

function watch(form) {
  let timer = 0;
  const plan = (event) => {
    if (event.target.type === 'file') return;
    say(form, '有未保存的修改');
    clearTimeout(timer);
    timer = setTimeout(() => save(form), PAUSE_MS);
  };
  form.addEventListener('input', plan);
  document.addEventListener('visibilitychange', () => document.hidden && save(form));
}

async function save(form) {
  if (!form.dataset.dirty || form.dataset.sent) return;
  delete form.dataset.dirty;
  say(form, '正在保存草稿…');
  const failed = await send(form);
  if (failed) form.dataset.dirty = 'yes';
  if (failed) say(form, failed);
}

// Returns what to tell when it failed, else nothing.
async function send(form) {
  try {
    const answer = await fetch(form.dataset.draftUrl, {
      method: 'POST',
      body: words(form),
      headers: { 'X-CSRFToken': form.elements.csrf_token?.value ?? '', Accept: 'application/json' },
      credentials: 'same-origin',
      redirect: 'manual',
    });
    if (answer.type === 'opaqueredirect' || answer.status === 401) return LAPSED;
    const said = await answer.json();
    if (!answer.ok) return said.error || LOST;
    say(form, `已自动保存 ${said.saved_at}`);
    return said.expired ? LAPSED : '';
  } catch {
    return LOST;
  }
}

function say(form, text) {
  const state = form.querySelector('[data-draft-state]');
  if (state) state.textContent = text;
}

function words(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
  return data;
}
