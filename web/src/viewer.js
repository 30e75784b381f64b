// 流程图: shows a diagram and marks what is done and where the case stands now.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import camunda from 'camunda-bpmn-moddle/resources/camunda.json';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './css/viewer.css';
import { fit, markPlaces, showNow } from './viewer/places.js';

async function show(root) {
  const state = { done: [], current: [], failed: [], ...JSON.parse(root.dataset.state || '{}') };
  const viewer = new NavigatedViewer({
    container: root.querySelector('[data-canvas]'),
    moddleExtensions: { camunda },
  });
  const answer = await fetch(root.dataset.src);
  if (answer.redirected) return; // the log-in ended: the page itself says so when it is next used
  if (!answer.ok) throw new Error(`${root.dataset.src} answered ${answer.status}`);
  await viewer.importXML(await answer.text());
  markPlaces(viewer, state);
  showNow(viewer, state);
  wheelOnlyWhenChosen(root, viewer.get('zoomScroll'));
  wireButtons(root, viewer, state);
  root.dataset.ready = 'yes';
}

// The wheel scrolls the page until the diagram was clicked or reached by keyboard.
function wheelOnlyWhenChosen(root, wheel) {
  wheel.toggle(false);
  root.addEventListener('focusin', () => wheel.toggle(true));
  root.addEventListener('focusout', () => wheel.toggle(false));
}

function wireButtons(root, viewer, state) {
  const canvas = viewer.get('canvas');
  const act = {
    in: () => canvas.zoom(canvas.zoom() * 1.25),
    out: () => canvas.zoom(canvas.zoom() / 1.25),
    fit: () => fit(viewer),
    now: () => showNow(viewer, state),
    full: () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()),
  };
  root.querySelector('[data-zoom-bar]').hidden = false;
  for (const button of root.querySelectorAll('[data-zoom]')) {
    button.hidden = button.dataset.zoom === 'now' && !state.current.length;
    button.addEventListener('click', act[button.dataset.zoom]);
  }
  document.addEventListener('fullscreenchange', () => {
    canvas.resized();
    fit(viewer);
  });
}

function failed(root, error) {
  console.error(error);
  root.dataset.ready = 'error';
  root.querySelector('[data-canvas]').hidden = true;
  root.querySelector('[data-fallback]').hidden = false;
}

// Drawing keeps a slow machine busy for a second; whoever fills in the form above it need not wait for that.
const nearby = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    nearby.unobserve(target);
    show(target).catch((error) => failed(target, error));
  }
}, { rootMargin: '200px' });

for (const root of document.querySelectorAll('[data-diagram]')) nearby.observe(root);
