// 流程图: shows a diagram and marks what is done and where the case stands now.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import camunda from 'camunda-bpmn-moddle/resources/camunda.json';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './css/viewer.css';

async function show(root) {
  const viewer = new NavigatedViewer({
    container: root.querySelector('[data-canvas]'),
    moddleExtensions: { camunda },
  });
  const answer = await fetch(root.dataset.src, { headers: { Accept: 'application/xml' } });
  if (!answer.ok) throw new Error(`diagram: ${answer.status}`);
  await viewer.importXML(await answer.text());
  mark(viewer, JSON.parse(root.dataset.state || '{}'));
  wireZoom(root, viewer.get('canvas'));
  root.dataset.ready = 'yes';
}

function mark(viewer, { done = [], current = [] }) {
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  for (const id of done) if (registry.get(id)) canvas.addMarker(id, 'is-done');
  for (const id of current) if (registry.get(id)) canvas.addMarker(id, 'is-current');
  focus(canvas, registry.get(current.find((id) => registry.get(id))));
}

// A long diagram is unreadable as a whole on a phone: begin near the present step.
function focus(canvas, element) {
  canvas.zoom('fit-viewport', 'auto');
  if (!element || canvas.zoom() >= 0.6) return;
  canvas.zoom(0.75);
  const box = canvas.viewbox();
  canvas.viewbox({
    x: element.x + element.width / 2 - box.width / 2,
    y: element.y + element.height / 2 - box.height / 2,
    width: box.width,
    height: box.height,
  });
}

function wireZoom(root, canvas) {
  const act = {
    in: () => canvas.zoom(canvas.zoom() * 1.25),
    out: () => canvas.zoom(canvas.zoom() / 1.25),
    fit: () => canvas.zoom('fit-viewport', 'auto'),
  };
  for (const button of root.querySelectorAll('[data-zoom]')) {
    button.hidden = false;
    button.addEventListener('click', () => act[button.dataset.zoom]());
  }
}

for (const root of document.querySelectorAll('[data-diagram]')) {
  show(root).catch((error) => {
    root.dataset.ready = 'error';
    root.querySelector('[data-fallback]')?.removeAttribute('hidden');
    console.error(error);
  });
}
