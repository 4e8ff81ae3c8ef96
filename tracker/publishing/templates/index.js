// Filters the list by the parameters of the feeds (?type=talk&country=DE), and names the nearest published calendar.
(() => {
  const form = document.getElementById('filters'), count = document.getElementById('count');
  const feed = document.getElementById('feed'), entries = [...document.querySelectorAll('[data-q]')];
  const published = JSON.parse(document.getElementById('published').textContent);
  const several = ['type', 'country', 'mode', 'cost'], names = [...several, 'from', 'to', 'q'];
  const fold = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const day = text => {
    const ahead = /^(?:today|[+ ](\d+)d)$/.exec(text);
    if (!ahead) return text;
    const at = new Date(Date.now() + (ahead[1] || 0) * 864e5);
    return new Date(at - at.getTimezoneOffset() * 6e4).toISOString().slice(0, 10);
  };
  const chosen = new URLSearchParams(location.search);
  const show = () => {
    let shown = 0;
    const words = fold(chosen.get('q') || '').split(/\s+/).filter(Boolean);
    const from = day(chosen.get('from') || ''), to = day(chosen.get('to') || '');
    for (const entry of entries) {
      const data = entry.dataset;
      const fits = several.every(name => {
        const wanted = chosen.getAll(name);
        return !wanted.length || wanted.some(value => data[name].split(' ').includes(value));
      }) && words.every(word => data.q.includes(word))
        && (!from || data.to >= from) && (!to || (data.from && data.from <= to));
      entry.hidden = !fits;
      shown += fits;
    }
    for (const week of document.querySelectorAll('section.week')) week.hidden = !week.querySelector('[data-q]:not([hidden])');
    count.textContent = `${shown} upcoming event${shown === 1 ? '' : 's'}`;
    // The published calendar that holds all of these with the least beside them.
    const pairs = [...chosen].filter(([name, value]) => names.includes(name) && value).map(pair => pair.join('='));
    const fit = Object.entries(published).map(([name, query]) => [name, query.map(pair => pair.join('='))])
      .filter(([, query]) => query.every(pair => pairs.includes(pair) && pairs.filter(each => each.split('=')[0] === pair.split('=')[0]).length === 1))
      .sort((one, other) => other[1].length - one[1].length)[0];
    if (fit) {
      feed.href = new URL(`${fit[0]}.ics`, location.href).href.replace(/^https?:/, 'webcal:');
      feed.textContent = pairs.length && fit[1].length < pairs.length ? `Subscribe to the nearest calendar: ${document.querySelector(`[data-feed="${fit[0]}"]`).textContent}`
        : pairs.length ? 'Subscribe to these' : 'Subscribe';
    }
  };
  const fill = () => { for (const field of form.elements) if (field.name) field.value = names.includes(field.name) ? (field.type === 'date' ? day(chosen.get(field.name) || '') : chosen.get(field.name) || '') : ''; };
  form.hidden = false;
  document.getElementById('more').open = innerWidth > 640 || [...chosen.keys()].some(name => name !== 'q' && names.includes(name));
  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('input', event => {
    chosen.delete(event.target.name);
    if (event.target.value) chosen.set(event.target.name, event.target.value);
    history.replaceState(null, '', `${location.pathname}${chosen.size ? '?' + chosen : ''}`);
    show();
  });
  form.addEventListener('reset', () => {
    for (const name of names) chosen.delete(name);
    history.replaceState(null, '', location.pathname);
    setTimeout(show);
  });
  fill();
  show();
})();
