'use strict';
// The page: what to draw, drawing it, the side with the details, searching, and moving about.
(() => {
  const { map, findings } = JSON.parse(document.getElementById('data').textContent);
  const { WIDTH, HEIGHT } = layout;
  const byId = id => document.getElementById(id);
  const canvas = byId('canvas'),
    side = byId('side');
  const draw = (name, attributes, parent, text) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    if (text) element.textContent = text;
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
  const order = ['error', 'warning', 'note'];
  const worst = list => order.find(level => list.some(finding => finding.level === level));
  const count = (list, level) => list.filter(finding => finding.level === level).length;
  const several = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;
  const listed = (lists, key, value) => {
    if (!lists.has(key)) lists.set(key, []);
    lists.get(key).push(value);
  };

  // Nodes are services, what else an edge leads to or from, and stores: all of them in a small system, else those of several services.
  const ends = new Set(map.edges.flatMap(edge => [edge.from, edge.to]));
  const unlikely = ['library', 'test', 'external', 'datastore', 'broker', 'other', 'loadgen'];
  const nodes = new Map(),
    edges = [];
  for (const service of map.services) {
    if (nodes.has(service.name) || (unlikely.includes(service.role) && !ends.has(service.name))) continue;
    nodes.set(service.name, {
      key: service.name,
      name: service.name,
      role: service.role,
      group: service.domain || '',
      service,
      findings: [],
      out: [],
      in: [],
    });
  }
  const connect = (from, to, kind, edge) => {
    const one = {
      key: `${from.name} → ${to.name} (${kind})`,
      from,
      to,
      kind,
      edge,
      findings: [],
      topics: edge.topics || [],
      operations: edge.operations || [],
    };
    edges.push(one);
    from.out.push(one);
    to.in.push(one);
  };
  for (const edge of map.edges)
    if (nodes.has(edge.from) && nodes.has(edge.to)) connect(nodes.get(edge.from), nodes.get(edge.to), edge.kind, edge);
  const services = [...nodes.values()];
  for (const store of map.datastores) {
    const users = store.used_by.filter(name => nodes.has(name)),
      key = `store ${store.name}`;
    if (!users.length || nodes.has(key) || (users.length < 2 && services.length > 40)) continue;
    const node = { key, name: store.name, role: 'store', group: nodes.get(users[0]).group, store, findings: [], out: [], in: [] };
    nodes.set(key, node);
    for (const user of users) connect(nodes.get(user), node, 'store', store);
  }
  const sites = new Map();
  for (const one of edges) for (const place of one.edge.evidence) listed(sites, `${place.path}:${place.line}`, one);
  for (const finding of findings) {
    for (const name of finding.services) if (nodes.has(name)) nodes.get(name).findings.push(finding);
    for (const one of sites.get(`${finding.path}:${finding.line}`) || []) {
      // One about several services is about the edges between them; one about a single service, about those that it calls.
      const about = finding.services,
        touches = node => node.store || about.includes(node.name);
      if (about.length > 1 ? touches(one.from) && touches(one.to) : about[0] === one.from.name) one.findings.push(finding);
    }
  }
  // Where nobody names domains, a large map is grouped by who calls whom.
  const named = services.some(node => node.group);
  if (!named && services.length > 40) {
    const found = layout.communities(
      [...nodes.keys()],
      edges.map(one => ({ from: one.from.key, to: one.to.key })),
    );
    for (const node of nodes.values()) node.group = found.get(node.key);
  }
  const groupName = name => name || (named ? 'no domain' : 'all');

  // Drawing: places first, then boxes, calls between boxes as one, edges, nodes, and titles over all of it.
  const defs = draw('defs', {}, canvas);
  for (const kind of ['call', 'message', 'gateway', 'store', 'error', 'warning']) {
    const marker = draw(
      'marker',
      {
        id: `end-${kind}`,
        viewBox: '0 0 8 8',
        refX: 7.5,
        refY: 4,
        markerWidth: 9,
        markerHeight: 9,
        orient: 'auto-start-reverse',
        markerUnits: 'userSpaceOnUse',
      },
      defs,
    );
    draw('path', { d: 'M0 .8L8 4L0 7.2z', style: `fill: var(--${kind})` }, marker);
  }
  const stage = draw('g', {}, canvas);
  const look = kind => (['message', 'gateway', 'store'].includes(kind) ? kind : 'call');
  let shown = [],
    boxes = [],
    links = [],
    lines = null,
    bundles = [],
    places = new Map(),
    whole = { width: 1, height: 1 },
    view = { x: 0, y: 0, scale: 1 },
    distance = '';

  // Asking for sizes makes the browser lay the page out, so it is done before anything is changed.
  let size = { left: 0, top: 0, width: 1, height: 1 };
  const measured = () => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    size = { left, top, width: Math.max(width, 200), height: Math.max(height, 150) };
  };
  function paint(keys, fits) {
    measured();
    stage.replaceChildren();
    shown = [...nodes.values()].filter(node => keys.has(node.key)).sort((a, b) => (a.key < b.key ? -1 : 1));
    links = edges.filter(one => keys.has(one.from.key) && keys.has(one.to.key) && fits(one));
    const groups = new Map(),
      inner = new Map(),
      pairs = new Map();
    for (const node of shown) listed(groups, node.group, node);
    for (const one of links) {
      one.bends = null;
      if (one.from.group === one.to.group) listed(inner, one.from.group, { from: one.from.key, to: one.to.key, one });
      else listed(pairs, JSON.stringify([one.from.group, one.to.group].sort()), one);
    }
    const last = name => name === '' || (!named && (name === 'small groups' || name === 'no calls'));
    boxes = [...groups]
      .sort(([a], [b]) => last(a) - last(b) || (a < b ? -1 : 1))
      .map(([name, members]) => {
        const { at, bends, width, height } = layout.group(
          members.map(node => node.key),
          inner.get(name) || [],
        );
        for (const [link, lanes] of bends) link.one.bends = lanes;
        const found = new Set(members.flatMap(node => node.findings));
        return { name, members, at, width, height, findings: [...found] };
      });
    // Titles keep their size on the screen, so they take more room on a map that is shown smaller.
    const screen = { width: size.width * 0.96, height: size.height * 0.94 };
    let head = 26;
    whole = layout.pack(boxes, screen, 44, head);
    for (let round = 0; round < 3; round += 1) {
      const scale = Math.min(1.3, screen.width / whole.width, screen.height / whole.height);
      head = Math.min(150, Math.max(26, 20 / scale));
      for (const box of boxes) {
        box.inner = box.inner || box.width;
        box.width = Math.max(box.inner, Math.min(titleWidth(box) + 24, 150) / scale);
      }
      whole = layout.pack(boxes, screen, 44, head);
    }

    const under = draw('g', {}, stage),
      middle = draw('g', {}, stage),
      front = draw('g', {}, stage),
      over = draw('g', {}, stage);
    places = new Map(boxes.map(box => [box.name, box]));
    for (const box of boxes) {
      for (const node of box.members) {
        const spot = box.at.get(node.key);
        node.x = box.x + spot.x;
        node.y = box.y + head + spot.y;
      }
      box.frame = draw('g', { class: 'group', 'data-group': box.name }, under);
      draw('rect', { x: box.x, y: box.y, width: box.width, height: box.height + head, rx: 14 }, box.frame);
      box.title = draw('text', { x: box.x + 18, class: 'title', 'data-group': box.name }, over);
      box.head = head;
    }
    // Where there are many, the thin ones show only for the box that is chosen.
    const many = [...pairs.values()].map(list => list.length).sort((a, b) => b - a),
      least = many.length > 60 ? many[60] + 1 : 1;
    bundles = [...pairs.values()].map(list => {
      const a = places.get(list[0].from.group),
        b = places.get(list[0].to.group),
        level = worst(list.flatMap(one => one.findings));
      const path = draw(
        'path',
        {
          d: curve(a, b),
          class: `bundle ${level === 'error' ? level : ''} ${list.length < least ? 'thin' : ''}`,
          'stroke-width': Math.min(9, 0.6 + Math.sqrt(list.length)),
          'data-tip': `${list.length} between ${groupName(a.name)} and ${groupName(b.name)}`,
        },
        middle,
      );
      return { a: a.name, b: b.name, path };
    });
    for (const node of nodes.values()) node.element = null;
    for (const one of edges) one.path = null;
    lines = draw('g', {}, middle);
    for (const node of shown) {
      node.element = draw(
        'g',
        {
          class: `node ${node.store ? 'store' : ''} ${worst(node.findings) || ''}`,
          transform: `translate(${node.x} ${node.y})`,
          'data-key': node.key,
        },
        front,
      );
      draw('rect', { width: WIDTH, height: HEIGHT, rx: node.role === 'ui' ? 20 : node.store ? 14 : 6 }, node.element);
      node.words = { near: false, mid: false };
    }
    distance = '';
  }

  // Between two boxes: from edge to edge on the way from centre to centre, bent a little so that it does not hide behind a box in a row of three.
  function curve(a, b) {
    const from = centreOf(a),
      to = centreOf(b),
      dx = to.x - from.x,
      dy = to.y - from.y;
    const leave = (box, point, sign) => {
      const part = Math.min(0.5, box.width / 2 / Math.abs(dx || 1e-9), (box.height + box.head) / 2 / Math.abs(dy || 1e-9));
      return { x: point.x + sign * dx * part, y: point.y + sign * dy * part };
    };
    const start = leave(a, from, 1),
      end = leave(b, to, -1);
    return `M${start.x} ${start.y}Q${(start.x + end.x) / 2 + dy * 0.1} ${(start.y + end.y) / 2 - dx * 0.1} ${end.x} ${end.y}`;
  }
  const centreOf = box => ({ x: box.x + box.width / 2, y: box.y + (box.height + box.head) / 2 });

  // Single edges are made when they come into sight: not from far, where one line between two boxes stands for all.
  function drawLines() {
    if (lines.firstChild || !links.length) return;
    ports();
    const all = document.createDocumentFragment();
    links.forEach((one, index) => {
      const level = worst(one.findings.filter(finding => finding.level !== 'note'));
      one.path = draw(
        'path',
        {
          d: route(one),
          class: `edge ${one.kind} ${level || ''} ${one.from.group === one.to.group ? '' : 'across'}`,
          'marker-end': `url(#end-${level || look(one.kind)})`,
          'data-edge': index,
        },
        all,
      );
    });
    lines.append(all);
  }

  // Edges leave and reach a node at different heights, in the order of their other ends.
  function ports() {
    const sides = new Map();
    for (const one of links) {
      const right = one.to.x > one.from.x + WIDTH / 2,
        left = one.to.x < one.from.x - WIDTH / 2;
      one.turn = right ? 1 : left ? -1 : 0;
      const first = one.bends && one.bends.length ? one.bends[0] : one.to,
        end = one.bends && one.bends.length ? one.bends[one.bends.length - 1] : one.from;
      const base = one.bends && one.bends.length ? places.get(one.from.group) : { y: 0, head: 0 };
      listed(sides, `${one.turn < 0 ? '<' : '>'}${one.from.key}`, {
        one,
        end: 'start',
        y: first.y + (first === one.to ? HEIGHT / 2 : base.y + base.head),
      });
      listed(sides, `${one.turn > 0 ? '<' : '>'}${one.to.key}`, {
        one,
        end: 'stop',
        y: end.y + (end === one.from ? HEIGHT / 2 : base.y + base.head),
      });
    }
    for (const list of sides.values()) {
      list.sort((a, b) => a.y - b.y);
      const step = Math.min(7, (HEIGHT - 12) / list.length);
      list.forEach((port, index) => {
        port.one[port.end] = HEIGHT / 2 + (index - (list.length - 1) / 2) * step;
      });
    }
  }

  function route(one) {
    const { from, to, turn } = one,
      y1 = from.y + one.start,
      y2 = to.y + one.stop;
    const x1 = from.x + (turn < 0 ? 0 : WIDTH),
      x2 = to.x + (turn > 0 ? 0 : WIDTH);
    if (turn === 0) {
      const bend = Math.max(x1, x2) + 26 + Math.min(50, Math.abs(y2 - y1) * 0.08);
      return `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
    }
    let text = `M${x1} ${y1}`,
      x = x1,
      y = y1;
    const reach = (nextX, nextY) => {
      const pull = Math.max(24, Math.abs(nextX - x) * 0.5) * turn;
      text += `C${x + pull} ${y} ${nextX - pull} ${nextY} ${nextX} ${nextY}`;
      x = nextX;
      y = nextY;
    };
    if (one.bends && one.bends.length) {
      const box = places.get(from.group);
      for (const lane of one.bends) {
        reach(box.x + lane.x + (turn < 0 ? WIDTH : 0), box.y + box.head + lane.y);
        x += WIDTH * turn;
        text += `H${x}`;
      }
    }
    reach(x2, y2);
    return text;
  }

  // Words are made when they come into sight for the first time.
  const ruler = document.createElement('canvas').getContext('2d'),
    family = getComputedStyle(document.body).fontFamily;
  const measure = (text, size, weight = 400) => {
    ruler.font = `${weight} ${size}px ${family}`;
    return ruler.measureText(text).width;
  };
  function cut(text, size, room, weight) {
    if (measure(text, size, weight) <= room) return text;
    for (let keep = text.length - 1; keep > 4; keep -= 1) {
      // The end of a name tells as much as its beginning.
      const tail = Math.floor(keep * 0.4),
        shorter = `${text.slice(0, keep - tail)}…${text.slice(text.length - tail)}`;
      if (measure(shorter, size, weight) <= room) return shorter;
    }
    return text.slice(0, 4);
  }
  // A name in two lines, parted where it has a joint.
  function halves(name) {
    const joints = [...name].map((letter, at) => ('-_./ '.includes(letter) ? at + 1 : 0)).filter(at => at > 1 && at < name.length - 1);
    const middle = joints.length
      ? joints.reduce((a, b) => (Math.abs(b - name.length / 2) < Math.abs(a - name.length / 2) ? b : a))
      : Math.ceil(name.length / 2);
    return [name.slice(0, middle), name.slice(middle)];
  }
  function word(node, level) {
    if (node.words[level]) return;
    node.words[level] = true;
    const grave = node.findings.filter(finding => finding.level !== 'note').length,
      room = WIDTH - 22 - (grave ? 22 : 0);
    if (level === 'mid') {
      if (measure(node.name, 18) <= room) draw('text', { x: 10, y: 26, class: 'short' }, node.element, node.name);
      else
        halves(node.name).forEach((half, line) =>
          draw('text', { x: 10, y: 17 + line * 17, class: 'short half' }, node.element, cut(half, 16, room)),
        );
    } else {
      draw('text', { x: 11, y: 17, class: 'full' }, node.element, cut(node.name, 13, room));
      draw(
        'text',
        { x: 11, y: 32, class: 'role' },
        node.element,
        [node.role, node.service ? node.service.language : node.store.engine].filter(Boolean).join(' · '),
      );
    }
    if (grave && !node.words.badge) {
      node.words.badge = true;
      // Round for errors, square for warnings: not by colour alone.
      draw(
        'rect',
        { class: 'badge', x: WIDTH - 26, y: HEIGHT / 2 - 9, width: 18, height: 18, rx: worst(node.findings) === 'error' ? 9 : 3 },
        node.element,
      );
      draw('text', { class: 'count', x: WIDTH - 17, y: HEIGHT / 2 + 4 }, node.element, grave > 99 ? '99' : String(grave));
    }
  }
  function place() {
    const { x, y, scale } = view,
      now = scale < 0.4 ? 'far' : scale < 0.74 ? 'mid' : 'near';
    stage.setAttribute('transform', `translate(${x} ${y}) scale(${scale})`);
    if (now !== distance) {
      canvas.classList.remove('far', 'mid', 'near');
      canvas.classList.add(now);
      distance = now;
    }
    for (const box of boxes) {
      const letters = Math.min(14 / scale, box.head * 0.72);
      if (box.letters === letters) continue;
      box.letters = letters;
      box.title.setAttribute('font-size', letters);
      box.title.setAttribute('y', box.y + box.head * 0.5 + letters * 0.5);
      title(box, letters);
    }
    if (now === 'far') return;
    drawLines();
    for (const node of shown) {
      node.seen =
        node.x * scale + x < size.width &&
        (node.x + WIDTH) * scale + x > 0 &&
        node.y * scale + y < size.height &&
        (node.y + HEIGHT) * scale + y > 0;
      if (node.seen) word(node, now);
    }
    // In a large map, lines that only pass through tell nothing and cost much.
    if (links.length > 250) for (const one of links) one.path.classList.toggle('away', !one.from.seen && !one.to.seen);
  }
  const titleOf = box => {
    if (boxes.length < 2 && !box.name) return [];
    const number = level => count(box.findings, level);
    const words = [
      ['', groupName(box.name)],
      ['counts', String(box.members.filter(node => node.service).length)],
    ];
    if (number('error')) words.push(['error', `● ${number('error')}`]);
    if (number('warning')) words.push(['warning', `■ ${number('warning')}`]);
    return words;
  };
  const titleWidth = box => titleOf(box).reduce((sum, [, text]) => sum + measure(text, 14, 600) + 8, 0);
  function title(box, size) {
    const room = box.width - 18 - size * 0.5;
    let used = 0;
    box.title.replaceChildren();
    for (const [className, text] of titleOf(box)) {
      const fitting = className ? text : cut(text, size, room, 600);
      used += measure(fitting, size, 600) + size * 0.5;
      if (className && used > room) break;
      draw('tspan', { class: className, dx: className ? size * 0.5 : 0 }, box.title, fitting);
    }
  }
  const tell = (element, text) => {
    if (!element.querySelector('title')) draw('title', {}, element, text);
  };
  canvas.addEventListener('pointerover', event => {
    const element = event.target.closest('.node, .edge, .bundle');
    if (!element) return;
    if (element.dataset.tip) tell(element, element.dataset.tip);
    else if (element.dataset.edge) tell(element, links[element.dataset.edge].key);
    else {
      const node = nodes.get(element.dataset.key);
      tell(element, [node.name, ...node.findings.map(one => `${one.level}[${one.rule}] ${one.message}`)].slice(0, 12).join('\n'));
    }
  });

  // The side: what was chosen, else the whole. Links in it are addresses of this page, so that one can go back.
  let chosen = null;
  const address = key => `#${encodeURIComponent(key)}`;
  const link = (parent, text, key) => {
    write('a', text, parent).href = address(key);
  };
  const does = (parent, text, act) => {
    const button = write('a', text, parent);
    button.href = '#';
    button.addEventListener('click', event => {
      event.preventDefault();
      act();
    });
  };
  const list = (title, items, fill) => {
    if (!items.length) return;
    write('h3', `${title} (${items.length})`, side);
    const all = write('ul', '', side),
      more = from => {
        for (const item of items.slice(from, from + 100)) fill(write('li', '', all), item);
        if (items.length > from + 100) {
          const rest = write('li', '', all);
          does(rest, `show ${items.length - from - 100} more`, () => {
            rest.remove();
            more(from + 100);
          });
        }
      };
    more(0);
  };
  const at = (parent, place) => {
    write('br', '', parent);
    write('code', `${place.path}:${place.line}`, parent);
  };
  const finding = (item, one) => {
    write('span', `${one.level}[${one.rule}] `, item, one.level);
    write('span', one.message, item);
    at(item, one);
  };
  const graveFirst = all => [...all].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
  const call = (item, one) => {
    write('span', one.operation || one.address, item);
    at(item, one);
  };
  const edgeItem = end => (item, one) => {
    link(item, one[end].name, one[end].key);
    write('span', ` ${one.kind} `, item);
    link(item, 'lines', one.key);
    if (one.findings.length) write('span', ` ${[...new Set(one.findings.map(found => found.rule))].join(', ')}`, item, worst(one.findings));
    const what = [...one.topics, ...one.operations];
    if (what.length) {
      write('br', '', item);
      write('code', what.slice(0, 4).join(', ') + (what.length > 4 ? ', …' : ''), item);
    }
  };
  let marked = [];
  const put = (thing, className) => {
    const element = thing.element || thing.path;
    if (element) {
      element.classList.add(className);
      marked.push(element);
    }
  };
  function mark(nearNodes, nearEdges, it) {
    canvas.classList.toggle('focused', Boolean(nearNodes));
    for (const element of marked) element.classList.remove('near', 'chosen');
    marked = [];
    if (nearNodes) drawLines();
    for (const one of [...(nearNodes || []), ...(nearEdges || [])]) put(one, 'near');
    if (it) put(it, 'chosen');
    side.replaceChildren();
    requestAnimationFrame(() => {
      side.scrollTop = 0;
    });
  }
  function showNode(node) {
    const near = [...node.out, ...node.in],
      { service, store } = node;
    mark(
      near.flatMap(one => [one.from, one.to]),
      near,
      node,
    );
    write('h2', node.name, side);
    if (store) {
      write('div', ['store', store.engine, store.host].filter(Boolean).join(' · '), side);
      list('used by', node.in, (item, one) => {
        link(item, one.from.name, one.from.key);
      });
      list('where', store.evidence, (item, place) => write('code', `${place.path}:${place.line}`, item));
      return;
    }
    const facts = [
      service.role,
      service.language,
      service.domain && `domain ${service.domain}`,
      service.tier && `tier ${service.tier}`,
      service.code_lines != null && `${service.code_lines} lines`,
      service.owners && `owned by ${service.owners.map(owner => owner.team).join(', ')}`,
    ];
    write('div', facts.filter(Boolean).join(' · '), side);
    if (service.root_dir) write('code', service.root_dir, side);
    if (near.length && !alone) does(write('div', '', side), 'draw only this and its neighbours', () => only(node));
    list('findings', graveFirst(node.findings), finding);
    list(
      'calls',
      node.out.filter(one => one.kind !== 'store'),
      edgeItem('to'),
    );
    list('called by', node.in, edgeItem('from'));
    list(
      'stores',
      map.datastores.filter(other => other.used_by.includes(service.name)),
      (item, other) => {
        const text = [other.engine, other.name].filter(Boolean).join(' '),
          key = `store ${other.name}`;
        if (nodes.has(key)) link(item, text, key);
        else write('span', text, item);
        if (other.used_by.length > 1) write('span', `, also of ${other.used_by.filter(name => name !== service.name).join(', ')}`, item);
      },
    );
    list(
      'calls whose target is not known',
      map.unresolved.filter(one => one.from === service.name),
      call,
    );
    list(
      'hosts outside',
      map.external.filter(host => host.callers.includes(service.name)),
      (item, host) => write('span', host.host, item),
    );
    list('operations', service.operations || [], (item, operation) => write('code', operation, item));
  }
  function showEdge(one) {
    mark([one.from, one.to], [], one);
    const title = write('h2', '', side),
      { edge } = one;
    link(title, one.from.name, one.from.key);
    write('span', ' → ', title);
    link(title, one.to.name, one.to.key);
    write(
      'div',
      [one.kind, edge.resolution && `found by ${edge.resolution}`, edge.declared == null ? '' : edge.declared ? 'declared' : 'not declared']
        .filter(Boolean)
        .join(' · '),
      side,
    );
    list('findings', graveFirst(one.findings), finding);
    list('lines', edge.evidence, (item, place) => write('code', `${place.path}:${place.line}`, item));
    list(one.topics.length ? 'topics and operations' : 'operations', [...one.topics, ...one.operations], (item, text) =>
      write('code', text, item),
    );
  }
  function showGroup(box) {
    const inside = new Set(box.members),
      crossing = links.filter(one => inside.has(one.from) !== inside.has(one.to));
    mark(box.members, [
      ...links.filter(one => inside.has(one.from) || inside.has(one.to)),
      ...bundles.filter(bundle => bundle.a === box.name || bundle.b === box.name),
    ]);
    write('h2', groupName(box.name), side);
    write(
      'div',
      `${several(box.members.filter(node => node.service).length, 'service')} · ${crossing.filter(one => inside.has(one.from)).length} calls out · ${crossing.filter(one => inside.has(one.to)).length} calls in`,
      side,
    );
    if (named)
      does(write('div', '', side), 'draw only this', () => {
        byId('domain').value = JSON.stringify(box.name);
        filter();
      });
    list('findings', graveFirst(box.findings), finding);
    list('services', box.members, (item, node) => {
      link(item, node.name, node.key);
      if (worst(node.findings)) write('span', ` ${node.findings.length}`, item, worst(node.findings));
    });
    list('calls to and from others', crossing, (item, one) => {
      link(item, one.from.name, one.from.key);
      write('span', ' → ', item);
      link(item, one.to.name, one.to.key);
      write('span', ' ', item);
      link(item, 'lines', one.key);
    });
  }
  function showAll() {
    mark(null);
    const part = shown.length < nodes.size,
      found = part ? shown.filter(node => node.found) : shown,
      names = new Set(found.map(node => node.name)),
      { rule } = state();
    const said = part
      ? findings.filter(
          one => (!rule || one.rule === rule) && (one.services.some(name => names.has(name)) || (rule && !one.services.length)),
        )
      : findings;
    write('h2', part ? 'What was found' : 'The whole', side);
    const kinds = new Map();
    for (const one of links) listed(kinds, one.kind, one);
    write(
      'div',
      [
        several(found.filter(node => node.service).length, 'service'),
        ...[...kinds].map(([kind, all]) => `${all.length} ${kind}`),
        map.complete || part ? '' : 'there may be more services',
      ]
        .filter(Boolean)
        .join(' · '),
      side,
    );
    if (part) does(write('div', '', side), 'show everything again', reset);
    if (!shown.length && !said.length) write('p', 'Nothing fits.', side);
    if (part) {
      if (found.length < 400 && !rule)
        list('services', found, (item, node) => {
          link(item, node.name, node.key);
          if (worst(node.findings)) write('span', ` ${node.findings.length}`, item, worst(node.findings));
        });
      list('findings', graveFirst(said), finding);
      return;
    }
    const key = write('div', '', side, 'key');
    const looks = new Set(edges.map(one => look(one.kind)));
    for (const [className, text] of [
      ['call', 'call'],
      ['message', 'message'],
      ['gateway', 'gateway'],
      ['store', 'store'],
    ])
      if (looks.has(className)) {
        const item = write('span', '', key);
        write('i', '', item, className);
        item.append(text);
      }
    for (const level of order.filter(level => count(findings, level))) {
      const item = write('span', '', key);
      write('i', '', item, level);
      item.append(level);
    }
    const rules = new Map();
    for (const one of findings) listed(rules, one.rule, one);
    const sorted = [...rules.values()].sort((a, b) => order.indexOf(worst(a)) - order.indexOf(worst(b)) || b.length - a.length);
    list('findings by rule', sorted, (item, all) => {
      write('span', `${all.length} `, item, worst(all));
      does(item, all[0].rule, () => {
        byId('rule').value = all[0].rule;
        filter();
      });
    });
    const troubled = services
      .filter(node => count(node.findings, 'error'))
      .sort((a, b) => count(b.findings, 'error') - count(a.findings, 'error') || b.findings.length - a.findings.length)
      .slice(0, 8);
    list('most errors', troubled, (item, node) => {
      write('span', `${count(node.findings, 'error')} `, item, 'error');
      link(item, node.name, node.key);
    });
    const callers = node => new Set(node.in.map(one => one.from)).size;
    list(
      'most called',
      services
        .filter(node => callers(node) > 2)
        .sort((a, b) => callers(b) - callers(a))
        .slice(0, 5),
      (item, node) => {
        write('span', `${callers(node)} callers `, item);
        link(item, node.name, node.key);
      },
    );
    list(
      'stores of several services',
      map.datastores.filter(store => store.used_by.length > 1),
      (item, store) => {
        const key = `store ${store.name}`;
        if (nodes.has(key)) link(item, store.name, key);
        else write('span', store.name, item);
        write('span', `: ${store.used_by.join(', ')}`, item);
      },
    );
    list('calls whose target is not known', map.unresolved, (item, one) => {
      if (nodes.has(one.from)) link(item, one.from, one.from);
      else write('span', one.from, item);
      write('span', ' ', item);
      call(item, one);
    });
    list('hosts outside', map.external, (item, host) => write('span', `${host.host}: ${host.callers.join(', ')}`, item));
  }

  // Search and filters draw what fits anew; an edge stays where both of its ends do.
  const state = () => ({
    words: byId('search').value.toLowerCase().split(/\s+/).filter(Boolean),
    domain: byId('domain').value,
    kind: byId('kind').value,
    rule: byId('rule').value,
    around: byId('around').checked,
  });
  const option = (parent, text, value) => {
    write('option', text, parent).value = value;
  };
  option(byId('domain'), 'every domain', '');
  // A domain may have any name, also that of the empty choice.
  for (const name of [...new Set(services.map(node => node.service.domain || ''))].sort())
    option(byId('domain'), groupName(name), JSON.stringify(name));
  byId('domain').hidden = !named;
  option(byId('kind'), 'every kind', '');
  for (const [label, kinds] of [
    ['edges', edges.map(one => one.kind)],
    ['services', [...nodes.values()].map(node => node.role).filter(Boolean)],
  ]) {
    const group = write('optgroup', '', byId('kind'));
    group.label = label;
    for (const kind of [...new Set(kinds)].sort()) option(group, kind, `${label} ${kind}`);
  }
  option(byId('rule'), 'every finding', '');
  for (const rule of [...new Set(findings.map(one => one.rule))].sort())
    option(byId('rule'), `${rule} (${findings.filter(one => one.rule === rule).length})`, rule);
  function text(node) {
    if (node.text == null)
      node.text = [
        node.name,
        node.role,
        node.service && node.service.root_dir,
        ...((node.service && node.service.operations) || []),
        ...[...node.out, ...node.in].flatMap(one => one.topics),
      ]
        .join(' ')
        .toLowerCase();
    return node.text;
  }
  let alone = null;
  const only = node => {
    alone = node;
    filter();
  };
  function filter() {
    const { words, domain, kind, rule, around } = state(),
      of = kind.startsWith('edges ') ? kind.slice(6) : '',
      role = kind.startsWith('services ') ? kind.slice(9) : '';
    const edgeFits = one => !of || one.kind === of,
      keys = new Set(),
      name = domain && JSON.parse(domain);
    for (const node of nodes.values()) {
      node.found =
        words.every(word => text(node).includes(word)) &&
        (!domain || node.group === name) &&
        (!role || node.role === role) &&
        (!of || [...node.out, ...node.in].some(edgeFits)) &&
        (!rule ||
          node.findings.some(one => one.rule === rule) ||
          node.in.some(one => node.store && one.findings.some(found => found.rule === rule))) &&
        (!alone || node === alone);
      if (node.found) keys.add(node.key);
    }
    const found = [...nodes.values()].filter(node => node.found);
    if (around || alone || (words.length && found.length === 1))
      for (const node of found)
        for (const one of [...node.out, ...node.in])
          if (edgeFits(one)) {
            keys.add(one.from.key);
            keys.add(one.to.key);
          }
    chosen = null;
    paint(keys, edgeFits);
    fit();
    if (alone || (words.length && found.length === 1)) {
      chosen = found[0];
      showNode(chosen);
    } else showAll();
  }
  function reset() {
    alone = null;
    byId('search').value = '';
    byId('domain').value = '';
    byId('kind').value = '';
    byId('rule').value = '';
    byId('around').checked = false;
    filter();
    if (location.hash) history.replaceState(null, '', location.pathname + location.search);
  }
  let waiting = 0;
  byId('search').addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      alone = null;
      filter();
    }, 120);
  });
  for (const id of ['domain', 'kind', 'rule', 'around'])
    byId(id).addEventListener('change', () => {
      alone = null;
      filter();
    });

  // Choosing: by a click, a key, or the address of the page.
  const byKey = new Map(edges.map(one => [one.key, one]));
  function choose(thing, show, move) {
    chosen = thing;
    show(thing);
    if (move) reveal(thing);
    const wanted = address(thing.key || `domain ${thing.name}`);
    if (location.hash !== wanted) history.pushState(null, '', wanted);
  }
  const unchoose = () => {
    chosen = null;
    showAll();
    if (location.hash) history.pushState(null, '', location.pathname + location.search);
  };
  function follow() {
    let key = '';
    try {
      key = decodeURIComponent(location.hash.slice(1));
    } catch {
      /* An address that nobody here wrote. */
    }
    const thing = nodes.get(key) || byKey.get(key);
    if (thing && !(thing.from ? links.includes(thing) : thing.element)) reset();
    if (thing) {
      history.replaceState(null, '', address(key));
      choose(thing, thing.from ? showEdge : showNode, true);
      return true;
    }
    const box = boxes.find(box => key === `domain ${box.name}`);
    if (box) choose(box, showGroup, true);
    return Boolean(box);
  }
  addEventListener('hashchange', () => {
    if (!follow() && chosen) {
      chosen = null;
      showAll();
    }
  });
  canvas.addEventListener('click', event => {
    if (moved) return;
    // A line is thin: what lies a little beside the pointer counts too.
    let element = event.target.closest('.node, .edge');
    for (let reach = 1; !element && distance !== 'far' && reach <= (event.pointerType === 'touch' ? 14 : 6); reach += 1) {
      for (const [x, y] of [
        [0, 1],
        [1, 0],
        [0, -1],
        [-1, 0],
        [0.7, 0.7],
        [0.7, -0.7],
        [-0.7, 0.7],
        [-0.7, -0.7],
      ]) {
        const near = element || document.elementFromPoint(event.clientX + x * reach, event.clientY + y * reach);
        element = near && near.closest('.edge');
      }
    }
    if (element && element.dataset.edge) {
      choose(links[element.dataset.edge], showEdge);
      return;
    }
    if (element) {
      const node = nodes.get(element.dataset.key);
      choose(node, showNode, distance === 'far');
      return;
    }
    const group = event.target.closest('.group, .title');
    if (group && boxes.length > 1) choose(places.get(group.dataset.group), showGroup, distance === 'far');
    else unchoose();
  });

  // Moving and zooming; what changes within one frame is drawn once.
  let frame = 0;
  const later = () => {
    if (!frame)
      frame = requestAnimationFrame(() => {
        frame = 0;
        place();
      });
  };
  const fit = () => {
    const { width, height } = size,
      scale = Math.min(1.3, 0.97 * Math.min(width / whole.width, height / whole.height));
    view = { scale, x: (width - whole.width * scale) / 2, y: (height - whole.height * scale) / 2 };
    place();
  };
  const centre = (x, y, scale) => {
    const { width, height } = size;
    view = { scale, x: width / 2 - x * scale, y: height / 2 - y * scale };
    place();
  };
  function reveal(thing) {
    const { width, height } = size;
    if (thing.members) {
      const tall = thing.height + thing.head;
      return centre(thing.x + thing.width / 2, thing.y + tall / 2, Math.min(1.3, (0.92 * width) / thing.width, (0.92 * height) / tall));
    }
    // With all its neighbours if they can be read then, else with those of its group, else alone.
    const node = thing.from || thing,
      near = thing.from
        ? [thing.from, thing.to]
        : [node, ...[...node.out, ...node.in].flatMap(one => [one.from, one.to])].filter(other => other.element);
    for (const list of [near, near.filter(other => other.group === node.group)]) {
      const left = Math.min(...list.map(one => one.x)),
        top = Math.min(...list.map(one => one.y));
      const right = Math.max(...list.map(one => one.x)) + WIDTH,
        bottom = Math.max(...list.map(one => one.y)) + HEIGHT;
      const scale = Math.min(1, (0.85 * width) / (right - left), (0.85 * height) / (bottom - top));
      if (scale >= 0.45) return centre((left + right) / 2, (top + bottom) / 2, scale);
    }
    return centre(node.x + WIDTH / 2, node.y + HEIGHT / 2, 0.8);
  }
  function zoom(factor, px, py) {
    const scale = Math.min(4, Math.max(0.03, view.scale * factor));
    view = { scale, x: px - ((px - view.x) * scale) / view.scale, y: py - ((py - view.y) * scale) / view.scale };
    later();
  }
  const step = factor => {
    zoom(factor, size.width / 2, size.height / 2);
  };
  canvas.addEventListener(
    'wheel',
    event => {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 30 : 1;
      zoom(Math.exp(-Math.max(-200, Math.min(200, event.deltaY * lines)) * 0.002), event.clientX - size.left, event.clientY - size.top);
    },
    { passive: false },
  );
  const pointers = new Map();
  let moved = false,
    start = null;
  canvas.addEventListener('pointerdown', event => {
    if (!pointers.size) {
      moved = false;
      start = { x: event.clientX, y: event.clientY };
    }
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  addEventListener('pointermove', event => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    const now = { x: event.clientX, y: event.clientY };
    moved = moved || Math.hypot(now.x - start.x, now.y - start.y) > 4;
    if (pointers.size === 2) {
      const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
      const before = Math.hypot(last.x - other.x, last.y - other.y),
        after = Math.hypot(now.x - other.x, now.y - other.y);
      view.x += (now.x - last.x) / 2;
      view.y += (now.y - last.y) / 2;
      if (before > 8) zoom(after / before, (now.x + other.x) / 2 - size.left, (now.y + other.y) / 2 - size.top);
      pointers.set(event.pointerId, now);
    } else if (moved) {
      canvas.classList.add('moving');
      view.x += now.x - last.x;
      view.y += now.y - last.y;
      pointers.set(event.pointerId, now);
      later();
    }
  });
  for (const end of ['pointerup', 'pointercancel'])
    addEventListener(end, event => {
      pointers.delete(event.pointerId);
      if (!pointers.size) canvas.classList.remove('moving');
    });
  byId('in').addEventListener('click', () => step(1.4));
  byId('out').addEventListener('click', () => step(1 / 1.4));
  byId('whole').addEventListener('click', reset);
  addEventListener('resize', () => {
    measured();
    fit();
  });
  // An arrow goes from the chosen one to the nearest on that side; without one, it moves the map.
  function walk(dx, dy) {
    if (!chosen || !chosen.element) {
      view.x -= dx * 80;
      view.y -= dy * 80;
      later();
      return;
    }
    let best = null,
      least = Infinity;
    for (const node of shown) {
      const along = (node.x - chosen.x) * dx + (node.y - chosen.y) * dy,
        beside = Math.abs((node.x - chosen.x) * dy) + Math.abs((node.y - chosen.y) * dx);
      if (along > 1 && along + beside * 3 < least) {
        least = along + beside * 3;
        best = node;
      }
    }
    if (best) choose(best, showNode, true);
  }
  addEventListener('keydown', event => {
    const typing = event.target.matches('input[type=search], select');
    if (event.key === 'Escape') {
      // First what was chosen, then what was searched.
      if (chosen && !alone) unchoose();
      else reset();
      if (typing) canvas.focus();
      return;
    }
    if (event.key === 'Enter' && event.target === byId('search')) {
      const first = shown.find(node => node.found);
      if (first) choose(first, showNode, true);
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '/') {
      byId('search').focus();
      byId('search').select();
      event.preventDefault();
    } else if (event.key === '+' || event.key === '=') step(1.4);
    else if (event.key === '-') step(1 / 1.4);
    else if (event.key === '0') fit();
    else if (event.target === canvas && event.key.startsWith('Arrow')) {
      walk({ ArrowLeft: -1, ArrowRight: 1 }[event.key] || 0, { ArrowUp: -1, ArrowDown: 1 }[event.key] || 0);
      event.preventDefault();
    }
  });
  // On paper the whole of what is shown fits the width.
  let kept = null;
  addEventListener('beforeprint', () => {
    kept = view;
    const scale = Math.min(1000 / whole.width, 620 / whole.height, 1.3);
    view = { x: 0, y: 0, scale };
    place();
    for (const node of shown) if (distance !== 'far') word(node, distance);
    canvas.setAttribute('viewBox', `0 0 ${whole.width * scale} ${whole.height * scale}`);
  });
  addEventListener('afterprint', () => {
    canvas.removeAttribute('viewBox');
    view = kept || view;
    place();
  });

  byId('title').textContent = several(services.length, 'service');
  document.title = `Map of ${several(services.length, 'service')}`;
  filter();
  follow();
})();
