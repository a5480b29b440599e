'use strict';
(() => {
  const { map, findings } = JSON.parse(document.getElementById('data').textContent);
  const byId = id => document.getElementById(id);
  const canvas = byId('canvas'), side = byId('side');
  const SVG = 'http://www.w3.org/2000/svg';
  const draw = (name, attributes = {}, parent) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (parent) parent.append(element);
    return element;
  };
  const write = (name, text, parent, className) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (className) element.className = className;
    if (parent) parent.append(element);
    return element;
  };

  // What is drawn: services, and what else an edge leads to or from.
  const ends = new Set(map.edges.flatMap(edge => [edge.from, edge.to]));
  const quiet = ['library', 'test', 'external', 'datastore', 'broker', 'other', 'loadgen'];
  const services = map.services.filter(service => !quiet.includes(service.role) || ends.has(service.name));
  const nodes = new Map(services.map(service => [service.name, { service, findings: [], out: [], in: [] }]));
  const edges = map.edges.filter(edge => nodes.has(edge.from) && nodes.has(edge.to)).map(edge => ({ edge }));
  for (const one of edges) { nodes.get(one.edge.from).out.push(one); nodes.get(one.edge.to).in.push(one); }
  for (const finding of findings) for (const name of finding.services) if (nodes.has(name)) nodes.get(name).findings.push(finding);
  const order = ['error', 'warning', 'note'];
  const worst = list => order.find(level => list.some(finding => finding.level === level));

  // Domains are boxes in rows; inside of one, services stand in columns from those that call to those that are called.
  const WIDTH = 168, HEIGHT = 34, GAP_X = 46, GAP_Y = 14, PAD = 18, HEAD = 30;
  const groups = new Map();
  for (const node of nodes.values()) {
    const name = node.service.domain || '';
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(node);
  }
  const depths = members => {
    const inside = new Set(members.map(node => node.service.name));
    const depth = new Map(members.map(node => [node.service.name, 0]));
    // As many rounds as there may be columns; a circle ends there.
    for (let round = 0; round < 6; round += 1) {
      for (const node of members) for (const { edge } of node.out) {
        if (inside.has(edge.to) && depth.get(edge.to) <= depth.get(edge.from) && depth.get(edge.from) < 5) depth.set(edge.to, depth.get(edge.from) + 1);
      }
    }
    return depth;
  };
  const boxes = [...groups].sort(([a], [b]) => (a === '') - (b === '') || a.localeCompare(b)).map(([name, members]) => {
    const depth = depths(members), columns = [];
    for (const node of members.sort((a, b) => a.service.name.localeCompare(b.service.name))) {
      const column = depth.get(node.service.name);
      (columns[column] = columns[column] || []).push(node);
    }
    const tallest = Math.max(4, Math.ceil(Math.sqrt(members.length)) + 2), laid = [];
    for (const column of columns.filter(Boolean)) for (let at = 0; at < column.length; at += tallest) laid.push(column.slice(at, at + tallest));
    laid.forEach((column, x) => column.forEach((node, y) => { node.x = PAD + x * (WIDTH + GAP_X); node.y = HEAD + PAD + y * (HEIGHT + GAP_Y); }));
    const rows = Math.max(...laid.map(column => column.length));
    return { name, members, width: laid.length * (WIDTH + GAP_X) - GAP_X + 2 * PAD, height: HEAD + rows * (HEIGHT + GAP_Y) - GAP_Y + 2 * PAD };
  });
  const area = boxes.reduce((sum, box) => sum + (box.width + 50) * (box.height + 50), 0);
  const widest = Math.max(...boxes.map(box => box.width), Math.sqrt(area * 1.7), 400);
  let x = 0, y = 0, row = 0;
  for (const box of boxes) {
    if (x > 0 && x + box.width > widest) { x = 0; y += row + 50; row = 0; }
    box.x = x; box.y = y; x += box.width + 50; row = Math.max(row, box.height);
    for (const node of box.members) { node.x += box.x; node.y += box.y; }
  }
  const whole = { width: Math.max(...boxes.map(box => box.x + box.width), 1), height: Math.max(...boxes.map(box => box.y + box.height), 1) };

  const defs = draw('defs', {}, canvas);
  for (const [kind, colour] of [['call', 'var(--call)'], ['message', 'var(--message)'], ['gateway', 'var(--gateway)']]) {
    const marker = draw('marker', { id: 'end-' + kind, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto-start-reverse', markerUnits: 'userSpaceOnUse' }, defs);
    draw('path', { d: 'M0 0L8 4L0 8z', fill: colour }, marker);
  }
  const stage = draw('g', {}, canvas);
  for (const box of boxes) {
    const group = draw('g', { class: 'group' }, stage);
    draw('rect', { x: box.x, y: box.y, width: box.width, height: box.height, rx: 12 }, group);
    draw('text', { x: box.x + PAD, y: box.y + 24 }, group).textContent = box.name || (groups.size > 1 ? 'no domain' : '');
  }
  const between = (from, to) => {
    const right = to.x >= from.x, x1 = from.x + (right ? WIDTH : 0), y1 = from.y + HEIGHT / 2, x2 = to.x + (right ? 0 : WIDTH), y2 = to.y + HEIGHT / 2;
    if (Math.abs(from.x - to.x) < 1) {
      const bend = from.x + WIDTH + 34;
      return `M${from.x + WIDTH} ${y1}C${bend} ${y1} ${bend} ${y2} ${to.x + WIDTH} ${y2}`;
    }
    const pull = Math.max(26, Math.abs(x2 - x1) * .42) * (right ? 1 : -1);
    return `M${x1} ${y1}C${x1 + pull} ${y1} ${x2 - pull} ${y2} ${x2} ${y2}`;
  };
  const about = edge => findings.filter(finding => finding.services.length > 1 && finding.services.includes(edge.from) && finding.services.includes(edge.to) && edge.evidence.some(place => place.path === finding.path && place.line === finding.line));
  for (const one of edges) {
    one.findings = about(one.edge);
    const kind = one.edge.kind === 'message' || one.edge.kind === 'gateway' ? one.edge.kind : 'call';
    one.path = draw('path', { d: between(nodes.get(one.edge.from), nodes.get(one.edge.to)), class: `edge ${kind}${one.findings.some(f => f.level === 'error') ? ' found' : ''}`, 'marker-end': `url(#end-${kind})` }, stage);
    draw('title', {}, one.path).textContent = `${one.edge.from} → ${one.edge.to} (${one.edge.kind})`;
    one.path.addEventListener('click', event => { event.stopPropagation(); showEdge(one); });
  }
  const short = text => text.length > 22 ? text.slice(0, 21) + '…' : text;
  for (const node of nodes.values()) {
    const level = worst(node.findings);
    node.group = draw('g', { class: `node ${level || ''}`, transform: `translate(${node.x} ${node.y})`, tabindex: 0, role: 'button' }, stage);
    draw('rect', { width: WIDTH, height: HEIGHT, rx: node.service.role === 'ui' ? 16 : 6 }, node.group);
    draw('text', { x: 10, y: 15 }, node.group).textContent = short(node.service.name);
    draw('text', { x: 10, y: 27, class: 'role' }, node.group).textContent = [node.service.role, node.service.language].filter(Boolean).join(' · ');
    draw('title', {}, node.group).textContent = node.service.name;
    node.group.addEventListener('click', event => { event.stopPropagation(); showNode(node); });
    node.group.addEventListener('keydown', event => { if (event.key === 'Enter') showNode(node); });
  }

  // The side: what was chosen, else the whole.
  const clear = () => {
    canvas.classList.remove('focused');
    for (const node of nodes.values()) node.group.classList.remove('near', 'chosen');
    for (const one of edges) one.path.classList.remove('near', 'chosen');
    side.replaceChildren();
  };
  const list = (title, items, fill) => {
    if (!items.length) return;
    write('h3', `${title} (${items.length})`, side);
    const all = write('ul', '', side);
    for (const item of items.slice(0, 300)) fill(write('li', '', all), item);
    if (items.length > 300) write('li', `and ${items.length - 300} more`, all);
  };
  const link = (parent, text, act) => write('a', text, parent).addEventListener('click', act);
  const finding = (item, one) => {
    write('span', `${one.level}[${one.rule}] `, item, one.level);
    write('span', one.message, item);
    write('br', '', item);
    write('code', `${one.path}:${one.line}`, item);
  };
  const places = (parent, evidence) => { for (const place of evidence.slice(0, 40)) { write('br', '', parent); write('code', `${place.path}:${place.line}`, parent); } };
  const edgeItem = other => (item, one) => {
    link(item, one.edge[other], () => showNode(nodes.get(one.edge[other])));
    write('span', ` ${one.edge.kind} `, item);
    link(item, 'lines', () => showEdge(one));
    const what = [...(one.edge.topics || []), ...(one.edge.operations || [])];
    if (what.length) { write('br', '', item); write('code', what.slice(0, 4).join(', ') + (what.length > 4 ? ', …' : ''), item); }
  };
  function showNode(node) {
    clear();
    canvas.classList.add('focused');
    node.group.classList.add('chosen');
    for (const one of [...node.out, ...node.in]) { one.path.classList.add('near'); nodes.get(one.edge.from).group.classList.add('near'); nodes.get(one.edge.to).group.classList.add('near'); }
    const { service } = node;
    write('h2', service.name, side);
    const facts = [service.role, service.language, service.domain && `domain ${service.domain}`, service.code_lines != null && `${service.code_lines} lines`, (service.owners || []).map(owner => owner.team).join(', ')];
    write('div', facts.filter(Boolean).join(' · '), side);
    if (service.root_dir) write('code', service.root_dir, side);
    list('findings', node.findings, finding);
    list('calls', node.out, edgeItem('to'));
    list('called by', node.in, edgeItem('from'));
    list('stores', map.datastores.filter(store => store.used_by.includes(service.name)), (item, store) => write('span', [store.engine, store.name].filter(Boolean).join(' '), item));
    list('calls whose target is not known', map.unresolved.filter(call => call.from === service.name), (item, call) => { write('span', call.operation || call.address, item); write('br', '', item); write('code', `${call.path}:${call.line}`, item); });
    list('operations', service.operations || [], (item, operation) => write('code', operation, item));
  }
  function showEdge(one) {
    clear();
    canvas.classList.add('focused');
    one.path.classList.add('chosen');
    for (const name of [one.edge.from, one.edge.to]) nodes.get(name).group.classList.add('near');
    const title = write('h2', '', side);
    link(title, one.edge.from, () => showNode(nodes.get(one.edge.from)));
    write('span', ' → ', title);
    link(title, one.edge.to, () => showNode(nodes.get(one.edge.to)));
    const declared = one.edge.declared == null ? '' : one.edge.declared ? ' · declared' : ' · not declared';
    const lines = write('div', `${one.edge.kind} · found by ${one.edge.resolution}${declared}`, side);
    write('h3', 'lines', side);
    const all = write('div', '', side);
    places(all, one.edge.evidence);
    list('what', [...(one.edge.topics || []), ...(one.edge.operations || [])], (item, text) => write('code', text, item));
    list('findings', one.findings, finding);
    return lines;
  }
  function showAll() {
    clear();
    write('h2', 'The whole', side);
    const kinds = [...new Set(edges.map(one => one.edge.kind))].map(kind => `${edges.filter(one => one.edge.kind === kind).length} ${kind}`);
    write('div', `${nodes.size} services · ${kinds.join(', ') || 'no dependencies'} · ${map.datastores.length} stores${map.complete ? '' : ' · there may be more services'}`, side);
    const rules = [...new Set(findings.map(one => one.rule))].map(rule => findings.filter(one => one.rule === rule)).sort((a, b) => order.indexOf(a[0].level) - order.indexOf(b[0].level) || b.length - a.length);
    list('findings by rule', rules, (item, group) => { write('span', `${group.length} `, item, worst(group)); link(item, group[0].rule, () => { byId('rule').value = group[0].rule; filter(); }); });
    list('stores of several services', map.datastores.filter(store => store.used_by.length > 1), (item, store) => write('span', `${store.name}: ${store.used_by.join(', ')}`, item));
    list('calls whose target is not known', map.unresolved, (item, call) => { write('span', `${call.from}: ${call.operation || call.address}`, item); write('br', '', item); write('code', `${call.path}:${call.line}`, item); });
    list('hosts outside', map.external, (item, host) => write('span', `${host.host}: ${host.callers.join(', ')}`, item));
  }

  // Search and filters hide what does not fit; an edge stays where both of its ends do.
  const options = (id, first, values) => {
    const select = byId(id);
    write('option', first, select).value = '';
    for (const value of [...new Set(values)].sort()) write('option', value, select).value = value;
    select.addEventListener('change', filter);
  };
  function filter() {
    const words = byId('search').value.toLowerCase().split(/\s+/).filter(Boolean);
    const [domain, kind, rule] = ['domain', 'kind', 'rule'].map(id => byId(id).value);
    const shown = new Set();
    for (const node of nodes.values()) {
      const text = [node.service.name, node.service.root_dir, ...(node.service.operations || []), ...[...node.out, ...node.in].flatMap(one => one.edge.topics || [])].join(' ').toLowerCase();
      const fits = words.every(word => text.includes(word)) && (!domain || (node.service.domain || 'none') === domain) && (!rule || node.findings.some(one => one.rule === rule)) && (!kind || [...node.out, ...node.in].some(one => one.edge.kind === kind) || node.service.role === kind);
      if (fits) shown.add(node.service.name);
    }
    for (const node of nodes.values()) node.group.classList.toggle('hidden', !shown.has(node.service.name));
    for (const one of edges) one.path.classList.toggle('hidden', !shown.has(one.edge.from) || !shown.has(one.edge.to) || Boolean(kind) && one.edge.kind !== kind && edges.some(other => other.edge.kind === kind));
    if (shown.size === 1) showNode(nodes.get([...shown][0]));
    else if (rule && shown.size) { clear(); write('h2', rule, side); list('findings', findings.filter(one => one.rule === rule), finding); }
    else showAll();
  }
  options('domain', 'every domain', [...nodes.values()].map(node => node.service.domain || 'none'));
  options('kind', 'every kind', [...edges.map(one => one.edge.kind), ...services.map(service => service.role).filter(Boolean)]);
  options('rule', 'every finding', findings.map(one => one.rule));
  byId('search').addEventListener('input', filter);

  // Moving and zooming.
  let view = { x: 0, y: 0, scale: 1 };
  const place = () => stage.setAttribute('transform', `translate(${view.x} ${view.y}) scale(${view.scale})`);
  const fit = () => {
    const { width, height } = canvas.getBoundingClientRect();
    const scale = Math.min(1.4, .96 * Math.min(width / whole.width, height / whole.height));
    view = { scale, x: (width - whole.width * scale) / 2, y: (height - whole.height * scale) / 2 };
    place();
  };
  canvas.addEventListener('wheel', event => {
    event.preventDefault();
    const frame = canvas.getBoundingClientRect(), px = event.clientX - frame.left, py = event.clientY - frame.top;
    const scale = Math.min(4, Math.max(.02, view.scale * Math.exp(-event.deltaY * .0016)));
    view = { scale, x: px - (px - view.x) * scale / view.scale, y: py - (py - view.y) * scale / view.scale };
    place();
  }, { passive: false });
  let from = null, moved = false;
  canvas.addEventListener('pointerdown', event => { from = { x: event.clientX - view.x, y: event.clientY - view.y }; moved = false; });
  addEventListener('pointermove', event => {
    if (!from) return;
    moved = moved || Math.abs(event.clientX - view.x - from.x) + Math.abs(event.clientY - view.y - from.y) > 3;
    if (moved) { canvas.classList.add('moving'); view.x = event.clientX - from.x; view.y = event.clientY - from.y; place(); }
  });
  addEventListener('pointerup', () => { from = null; canvas.classList.remove('moving'); });
  canvas.addEventListener('click', () => { if (!moved) showAll(); });
  byId('fit').addEventListener('click', fit);
  addEventListener('resize', fit);
  byId('title').textContent = `${nodes.size} services`;
  const asked = decodeURIComponent(location.hash.slice(1));
  fit();
  if (nodes.has(asked)) showNode(nodes.get(asked)); else showAll();
})();
