// Links between the views open without loading the page again; "Copy link" copies; Back returns to where one was.
(() => {
  const views = new Set(/*VIEWS*/[]);
  const main = () => document.querySelector('[data-testid="stMain"]');
  const kept = 'scroll ';
  let wanted = 0;
  // Streamlit switches pages in two steps, of which Back should know one: "table?id=" is only the way to "event?id=".
  const push = history.pushState.bind(history);
  const isEvent = path => path.endsWith('/event');
  // How many steps back the list is from which an event was opened; 0 if it was not opened from here.
  const steps = () => (isEvent(location.pathname) && history.state && history.state.steps) || 0;
  history.pushState = (state, title, to) => {
    const isOnTheWay = /[?&]id=/.test(location.search) && !isEvent(location.pathname);
    const cameByLink = isEvent(location.pathname) && !steps(); // then there is no list to return to
    const kept = isOnTheWay && history.state && history.state.steps;
    const next = kept || (cameByLink ? 0 : steps() + 1);
    (isOnTheWay ? history.replaceState.bind(history) : push)({ ...state, steps: next }, title, to);
  };
  const visit = address => {
    history.pushState({}, '', address);
    dispatchEvent(new PopStateEvent('popstate', { state: {} }));
  };
  addEventListener('click', event => {
    const link = event.target.closest && event.target.closest('a[href]');
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const to = new URL(link.href, location.href);
    if (to.origin !== location.origin) return;
    if (to.hash === '#copy' && navigator.clipboard) {
      event.preventDefault();
      to.hash = '';
      navigator.clipboard.writeText(to.href).then(() => { link.textContent = 'Copied'; });
      return;
    }
    if (to.hash === '#near-me') {
      event.preventDefault();
      to.hash = '';
      link.textContent = 'Asking your browser …';
      const refused = () => { link.textContent = 'Your browser does not say where you are'; };
      if (!navigator.geolocation) { refused(); return; }
      // To about ten kilometres: enough to find what is near, and not where one lives.
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        link.textContent = 'Near me';
        to.searchParams.set('near', `${coords.latitude.toFixed(1)},${coords.longitude.toFixed(1)}`);
        visit(to.href);
      }, refused, { maximumAge: 600000, timeout: 20000 });
      return;
    }
    if (link.closest('.st-key-back') && steps()) {
      event.preventDefault();
      event.stopPropagation();
      history.go(-steps());
      return;
    }
    const parent = location.pathname.replace(/[^/]*$/, '');
    if (!link.closest('[data-testid="stMarkdown"]') || !to.pathname.startsWith(parent)) return;
    if (!views.has(to.pathname.slice(parent.length))) return;
    event.preventDefault();
    visit(to.href);
    if (main()) main().scrollTop = 0;
  }, true);
  // The next page of a list is read from its top. The place on this one is kept for Back.
  addEventListener('click', event => {
    const first = document.querySelector('#root :is([class*="st-key-group_"], [class*="st-key-entry_"])');
    if (!first || !event.target.closest || !event.target.closest('[data-testid="stPagination"] button')) return;
    wanted = performance.now() + 500;
    main().scrollTop += first.getBoundingClientRect().top - main().getBoundingClientRect().top - 8;
  });
  addEventListener('scroll', event => {
    if (event.target === main() && performance.now() > wanted) sessionStorage[kept + location.href] = main().scrollTop;
  }, true);
  const restore = () => {
    const to = Number(sessionStorage[kept + location.href] || 0);
    wanted = performance.now() + 6000;
    let calm = 0; // what is drawn late moves the rest, so the place has to hold for a while
    const step = () => {
      if (performance.now() > wanted) return;
      if (main()) {
        const rests = document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]');
        calm = rests && Math.abs(main().scrollTop - to) < 2 ? calm + 1 : 0;
        main().scrollTop = to;
        if (calm > 12) { wanted = 0; return; }
      }
      setTimeout(step, 60);
    };
    step();
  };
  // The list in the page's own HTML makes way once Streamlit's is drawn, at the same place.
  let drawnSince = 0, height = 0, calm = 0;
  const giveWay = setInterval(() => {
    const first = document.getElementById('first');
    if (!first) { if (document.readyState !== 'loading') clearInterval(giveWay); return; }
    const rests = document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]');
    if (!rests || !document.querySelector('#root h1')) return;
    drawnSince = drawnSince || performance.now();
    const isWhole = document.fonts.status === 'loaded' && !document.querySelector('#root [data-testid="stSkeleton"]');
    calm = isWhole && main().scrollHeight === height ? calm + 1 : 0; // charts are drawn in two steps
    height = main().scrollHeight;
    if (calm < 4 && performance.now() - drawnSince < 3000) return;
    const scrolled = first.scrollTop, focused = /\/events\/(\w+)$/.exec(document.activeElement.href || '');
    first.remove();
    if (main() && scrolled) main().scrollTop = scrolled;
    const same = focused && document.querySelector(`#root h3 a[href*="id=${focused[1]}"]`);
    if (same) same.focus({ preventScroll: true });
    clearInterval(giveWay);
  }, 40);
  // The list is printed as a whole, not only the page of it that is on screen; printing does not wait, so neither do we.
  addEventListener('beforeprint', () => {
    const parent = location.pathname.replace(/[^/]*$/, '');
    if (location.pathname !== parent || !document.getElementById('root')) return;
    const request = new XMLHttpRequest();
    request.open('GET', parent + 'print' + location.search, false);
    try { request.send(); } catch { return; }
    const list = new DOMParser().parseFromString(request.responseText, 'text/html').getElementById('print');
    if (request.status === 200 && list) document.body.prepend(list);
  });
  addEventListener('afterprint', () => {
    const list = document.getElementById('print');
    if (list && document.getElementById('root')) list.remove();
  });
  // Says the new number of events to a screen reader,
  // and how many filters are chosen, on the button that opens them.
  const live = document.createElement('div');
  live.setAttribute('aria-live', 'polite');
  live.style.cssText = 'position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)';
  let said = '';
  setInterval(() => {
    const heading = document.querySelector('h1');
    const words = heading ? heading.innerText : said;
    const filters = document.querySelector('.st-key-more button p');
    const elsewhere = matchMedia('(min-width: 641px)').matches ? /_(type|mode|near|country|city|from|to|q|fit)( |$)/ : /_q( |$)/;
    const chips = [...document.querySelectorAll('.st-key-chips [class*="st-key-chip_"]')].filter(chip => !elsewhere.test(chip.className)).length;
    if (filters) filters.dataset.chosen = chips ? ` · ${chips}` : '';
    if (words !== said) {
      if (said) live.textContent = words;
      said = words;
      if (!live.isConnected) document.body.append(live);
    }
  }, 250);
  for (const name of ['wheel', 'touchmove', 'keydown']) addEventListener(name, () => { wanted = 0; }, { capture: true, passive: true });
  addEventListener('popstate', event => { if (event.isTrusted) restore(); });
  if (sessionStorage[kept + location.href]) restore();
})();
