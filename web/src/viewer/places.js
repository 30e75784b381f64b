// Where a case stands on its diagram: marks, and a view that a person can read.
const READABLE = 0.7;

export function markPlaces(viewer, { done, current, failed }) {
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  const [now, bad] = [new Set(current), new Set(failed)];
  for (const id of done) if (registry.get(id) && !now.has(id) && !bad.has(id)) canvas.addMarker(id, 'is-done');
  for (const id of now) if (registry.get(id) && !bad.has(id)) canvas.addMarker(id, 'is-current');
  for (const id of bad) if (registry.get(id)) canvas.addMarker(id, 'is-failed');
}

export function fit(viewer) {
  viewer.get('canvas').zoom('fit-viewport', 'auto');
}

// A long diagram is unreadable as a whole: begin near the present step, or at the last one done.
export function showNow(viewer, { done, current, failed }) {
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  const at = [...failed, ...current, ...[...done].reverse()].map((id) => registry.get(id)).find((element) => element?.width);
  if (at) canvas.setRootElement(canvas.findRoot(at)); // a collapsed sub-process has a plane of its own
  fit(viewer);
  if (!at || canvas.zoom() >= READABLE) return;
  canvas.zoom(READABLE);
  const { width, height } = canvas.viewbox();
  canvas.viewbox({ x: at.x + at.width / 2 - width / 2, y: at.y + at.height / 2 - height / 2, width, height });
}
