// A map to pan and zoom: places as buttons with their number of events, those that would overlap as one of all.
const WORLD = 1000; // units of the picture's width
const CLOSEST = 18, MARGIN = 1.35, APART = 34; // pixels between two buttons
const LAT = 85;

const at = place => {
  const lat = Math.max(-LAT, Math.min(LAT, place.latitude)) * Math.PI / 180;
  return {
    x: (place.longitude + 180) / 360 * WORLD,
    y: WORLD / 2 - Math.log(Math.tan(Math.PI / 4 + lat / 2)) * WORLD / (2 * Math.PI),
  };
};

function start(root, component) {
  const map = root.querySelector('.map'), picture = root.querySelector('svg'), marks = root.querySelector('.marks');
  const state = { places: [], chosen: '', view: { x: 0, y: 0, width: WORLD }, shape: '' };
  const fingers = new Map();
  const ratio = () => map.clientHeight / Math.max(1, map.clientWidth);
  const scale = () => map.clientWidth / state.view.width;

  function look(x, y, width) { // at a middle
    const w = Math.max(CLOSEST, Math.min(WORLD, width)), h = w * ratio();
    const inside = (value, half, from, to) => half * 2 >= to - from ? (from + to) / 2 : Math.max(from + half, Math.min(to - half, value));
    state.view = { x: inside(x, w / 2, 0, WORLD) - w / 2, y: inside(y, h / 2, 150, 730) - h / 2, width: w };
    draw();
  }
  const middle = () => ({ x: state.view.x + state.view.width / 2, y: state.view.y + state.view.width * ratio() / 2 });

  function fit(places) {
    const spots = places.map(at);
    const [west, east] = [Math.min(...spots.map(s => s.x)), Math.max(...spots.map(s => s.x))];
    const [north, south] = [Math.min(...spots.map(s => s.y)), Math.max(...spots.map(s => s.y))];
    look((west + east) / 2, (north + south) / 2, Math.max(60, (east - west) * MARGIN, (south - north) * MARGIN / ratio()));
  }

  function zoom(by, x, y) { // about a point of the map
    const { view } = state, to = Math.max(CLOSEST, Math.min(WORLD, view.width / by)), kept = to / view.width;
    const px = view.x + view.width * x, py = view.y + view.width * ratio() * y;
    look(px + (view.x + view.width / 2 - px) * kept, py + (view.y + view.width * ratio() / 2 - py) * kept, to);
  }

  function clusters() {
    const found = [];
    for (const place of state.places) {
      const spot = at(place), x = (spot.x - state.view.x) * scale(), y = (spot.y - state.view.y) * scale();
      if (x < -20 || y < -20 || x > map.clientWidth + 20 || y > map.clientHeight + 20) continue;
      const near = found.find(each => Math.hypot(each.x - x, each.y - y) < APART);
      if (near) { near.places.push(place); near.events += place.events; } else found.push({ x, y, places: [place], events: place.events });
    }
    return found;
  }

  function draw() {
    const { view } = state;
    picture.setAttribute('viewBox', `${view.x} ${view.y} ${view.width} ${view.width * ratio()}`);
    const focused = root.activeElement && root.activeElement.dataset.name;
    marks.replaceChildren(...clusters().map(each => {
      const button = document.createElement('button'), names = each.places.map(place => place.name);
      const size = Math.min(46, 24 + 3 * Math.sqrt(each.events));
      button.type = 'button';
      button.dataset.name = names[0];
      button.textContent = each.events;
      button.style.cssText = `left:${each.x}px;top:${each.y}px;width:${size}px;height:${size}px`;
      button.setAttribute('aria-pressed', names.includes(state.chosen));
      const number = `${each.events} event${each.events === 1 ? '' : 's'}`;
      const said = names.length > 1 ? `${number} in ${names.length} places around ${names[0]}` : `${names[0]}: ${number}`;
      button.setAttribute('aria-label', said);
      button.title = said;
      button.onclick = () => open(each);
      return button;
    }));
    const again = focused && [...marks.children].find(each => each.dataset.name === focused);
    if (again) again.focus();
  }

  function open(cluster) {
    const spots = cluster.places.map(at);
    const spread = Math.max(...spots.map(s => Math.hypot(s.x - spots[0].x, s.y - spots[0].y)));
    if (cluster.places.length > 1 && state.view.width > CLOSEST && spread * WORLD > 0) {
      const [x, y] = ['x', 'y'].map(axis => spots.reduce((sum, each) => sum + each[axis], 0) / spots.length);
      look(x, y, Math.min(state.view.width / 2.2, Math.max(CLOSEST, spread * 4)));
    }
    state.chosen = cluster.places[0].name; // most events first
    draw();
    component.setTriggerValue('place', state.chosen);
  }

  const where = event => {
    const box = map.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };
  map.addEventListener('pointerdown', event => {
    if (event.target.closest('button')) return;
    fingers.set(event.pointerId, where(event));
    map.setPointerCapture(event.pointerId);
  });
  map.addEventListener('pointermove', event => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = where(event), others = [...fingers].filter(([id]) => id !== event.pointerId).map(each => each[1]);
    fingers.set(event.pointerId, now);
    if (others.length) {
      const far = point => Math.max(.02, Math.hypot(point.x - others[0].x, (point.y - others[0].y) * ratio()));
      zoom(far(now) / far(before), (now.x + others[0].x) / 2, (now.y + others[0].y) / 2);
    } else {
      const { x, y } = middle();
      look(x - (now.x - before.x) * state.view.width, y - (now.y - before.y) * state.view.width * ratio(), state.view.width);
    }
  });
  for (const name of ['pointerup', 'pointercancel']) map.addEventListener(name, event => fingers.delete(event.pointerId));
  map.addEventListener('dblclick', event => { if (!event.target.closest('button')) zoom(2, where(event).x, where(event).y); });
  map.addEventListener('wheel', event => {
    if (!event.ctrlKey && !event.metaKey) return; // else the page scrolls
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 300), where(event).x, where(event).y);
  }, { passive: false });
  map.addEventListener('keydown', event => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const { x, y } = middle();
    look(x + step[0] * state.view.width / 6, y + step[1] * state.view.width / 6, state.view.width);
  });
  root.querySelector('.in').onclick = () => zoom(1.8, .5, .5);
  root.querySelector('.out').onclick = () => zoom(1 / 1.8, .5, .5);
  root.querySelector('.all').onclick = () => fit(state.places);
  new ResizeObserver(() => { const { x, y } = middle(); look(x, y, state.view.width); }).observe(map);

  return next => {
    component = next;
    const { places, chosen } = next.data, shape = JSON.stringify(places);
    Object.assign(state, { places, chosen });
    if (shape === state.shape) draw();
    else { state.shape = shape; if (places.length) fit(places); else draw(); }
  };
}

const running = new WeakMap();
export default component => {
  const root = component.parentElement;
  if (!running.has(root)) running.set(root, start(root, component));
  running.get(root)(component);
};
