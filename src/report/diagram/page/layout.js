'use strict';
// Where things stand. Sizes, names and links come in, places go out; nothing here knows the page.
const layout = (() => {
  const WIDTH = 176,
    HEIGHT = 40,
    GAP_X = 56,
    GAP_Y = 14,
    LANE = 6,
    PAD = 20;
  const mean = list => list.reduce((sum, one) => sum + one, 0) / list.length;

  // Links that close a circle, so that what is left has a direction: found by walking from those that nobody calls.
  function backward(members, links) {
    const out = new Map(members.map(name => [name, []])),
      called = new Set();
    for (const link of links) {
      out.get(link.from).push(link);
      called.add(link.to);
    }
    const state = new Map(),
      back = new Set();
    for (const start of [...members.filter(name => !called.has(name)), ...members]) {
      if (state.has(start)) continue;
      const path = [{ name: start, at: 0 }];
      state.set(start, 'open');
      while (path.length) {
        const top = path[path.length - 1],
          link = out.get(top.name)[top.at++];
        if (!link) {
          state.set(top.name, 'done');
          path.pop();
          continue;
        }
        if (state.get(link.to) === 'open') back.add(link);
        else if (!state.has(link.to)) {
          state.set(link.to, 'open');
          path.push({ name: link.to, at: 0 });
        }
      }
    }
    return back;
  }

  // The column of each member: right of all that call it, in the first column with room.
  function columnsOf(members, arrows, room) {
    const out = new Map(members.map(name => [name, []])),
      waits = new Map(members.map(name => [name, 0]));
    for (const { tail, head } of arrows) {
      out.get(tail).push(head);
      waits.set(head, waits.get(head) + 1);
    }
    const column = new Map(),
      filled = [],
      sources = members.filter(name => !waits.get(name)),
      ready = [...sources],
      least = new Map();
    for (let at = 0; at < ready.length; at += 1) {
      const name = ready[at];
      let place = least.get(name) || 0;
      while ((filled[place] || 0) >= room) place += 1;
      filled[place] = (filled[place] || 0) + 1;
      column.set(name, place);
      for (const next of out.get(name)) {
        least.set(next, Math.max(least.get(next) || 0, place + 1));
        waits.set(next, waits.get(next) - 1);
        if (!waits.get(next)) ready.push(next);
      }
    }
    // What nobody calls stands right beside the first that it calls.
    for (const name of sources) {
      const place = Math.min(...out.get(name).map(next => column.get(next))) - 1;
      if (place > column.get(name) && (filled[place] || 0) < room) {
        filled[column.get(name)] -= 1;
        filled[place] += 1;
        column.set(name, place);
      }
    }
    return column;
  }

  // Heights as near as possible to the wished ones, in the given order and without overlap (pool adjacent violators).
  function settle(column) {
    const blocks = [];
    let offset = 0;
    for (const item of column) {
      blocks.push({ wish: item.wish - offset, weight: item.size > LANE ? 1 : 2, items: [item] });
      item.offset = offset;
      offset += item.size + GAP_Y;
      while (blocks.length > 1 && blocks[blocks.length - 2].wish > blocks[blocks.length - 1].wish) {
        const last = blocks.pop(),
          before = blocks[blocks.length - 1],
          weight = before.weight + last.weight;
        before.wish = (before.wish * before.weight + last.wish * last.weight) / weight;
        before.weight = weight;
        before.items.push(...last.items);
      }
    }
    for (const block of blocks) for (const item of block.items) item.y = block.wish + item.offset;
  }

  // Those that hang together: columns from those that call to those that are called, and a lane through each column that a link passes.
  function connected(bound, links) {
    const back = backward(bound, links);
    const arrows = links.map(link =>
      back.has(link) ? { link, tail: link.to, head: link.from } : { link, tail: link.from, head: link.to },
    );
    const place = columnsOf(bound, arrows, Math.max(7, Math.ceil(Math.sqrt(bound.length) * 1.6)));
    const columns = [],
      items = new Map(),
      bends = new Map();
    const item = (column, size) => {
      const one = { size, y: 0, before: [], after: [] };
      (columns[column] = columns[column] || []).push(one);
      return one;
    };
    const join = (a, b) => {
      a.after.push(b);
      b.before.push(a);
    };
    for (const name of bound) items.set(name, item(place.get(name), HEIGHT));
    for (const { link, tail, head } of arrows) {
      const lanes = [];
      let last = items.get(tail);
      for (let at = place.get(tail) + 1; at < place.get(head); at += 1) {
        const lane = item(at, LANE);
        lane.column = at;
        join(last, lane);
        lanes.push(lane);
        last = lane;
      }
      join(last, items.get(head));
      bends.set(link, back.has(link) ? lanes.reverse() : lanes);
    }
    for (let at = 0; at < columns.length; at += 1) columns[at] = columns[at] || [];
    const middle = one => one.y + one.size / 2,
      number = column =>
        column.forEach((one, at) => {
          one.rank = (at + 0.5) / column.length;
        });
    columns.forEach(number);
    for (let round = 0; round < 10; round += 1) {
      const side = round % 2 ? 'after' : 'before';
      for (const column of round % 2 ? [...columns].reverse() : columns) {
        for (const one of column) one.want = one[side].length ? mean(one[side].map(other => other.rank)) : one.rank;
        column.sort((a, b) => a.want - b.want);
        number(column);
      }
    }
    for (const column of columns) {
      let y = 0;
      for (const one of column) {
        one.y = y;
        y += one.size + GAP_Y;
      }
      for (const one of column) one.y -= y / 2;
    }
    for (let round = 0; round < 12; round += 1) {
      for (const column of round % 2 ? [...columns].reverse() : columns) {
        for (const one of column) {
          const near = round > 9 ? [...one.before, ...one.after] : round % 2 ? one.after : one.before;
          one.wish = near.length ? mean(near.map(middle)) - one.size / 2 : one.y;
        }
        settle(column);
      }
    }
    const all = columns.flat(),
      top = Math.min(...all.map(one => one.y)),
      at = new Map(),
      left = column => column * (WIDTH + GAP_X);
    for (const [name, one] of items) at.set(name, { x: left(place.get(name)), y: one.y - top });
    for (const [link, lanes] of bends)
      bends.set(
        link,
        lanes.map(lane => ({ x: left(lane.column), y: lane.y - top + LANE / 2 })),
      );
    return { at, bends, width: columns.length * (WIDTH + GAP_X) - GAP_X, height: Math.max(...all.map(one => one.y + one.size)) - top };
  }

  // One group: what hangs together, piece by piece, and a grid below of those that call nobody here. Gives `at` (name to place),
  // `bends` (link to the lanes it takes) and the size.
  function group(members, links) {
    links = links.filter(link => link.from !== link.to);
    const near = new Map();
    for (const link of links)
      for (const [name, other] of [
        [link.from, link.to],
        [link.to, link.from],
      ]) {
        if (!near.has(name)) near.set(name, []);
        near.get(name).push(other);
      }
    const piece = new Map(),
      pieces = [],
      loose = members.filter(name => !near.has(name));
    for (const name of members) {
      if (piece.has(name) || !near.has(name)) continue;
      const found = [name];
      piece.set(name, pieces.length);
      for (const one of found)
        for (const other of near.get(one))
          if (!piece.has(other)) {
            piece.set(other, pieces.length);
            found.push(other);
          }
      pieces.push({ bound: members.filter(one => piece.get(one) === pieces.length), links: [] });
    }
    for (const link of links) pieces[piece.get(link.from)].links.push(link);
    const laid = pieces.map(one => connected(one.bound, one.links)).sort((a, b) => b.height * b.width - a.height * a.width);
    const size = pack(laid, { width: 1.7, height: 1 }, 28, 0),
      at = new Map(),
      bends = new Map();
    for (const one of laid) {
      const moved = spot => ({ x: spot.x + one.x + PAD, y: spot.y + one.y + PAD });
      for (const [name, spot] of one.at) at.set(name, moved(spot));
      for (const [link, lanes] of one.bends) bends.set(link, lanes.map(moved));
    }
    // Loose ones stand closer, as wide as the rest, or else in a shape that suits a screen.
    const step = WIDTH + GAP_Y,
      wide = laid.length ? size.width : 0,
      from = laid.length ? PAD + size.height + 28 : PAD;
    const across = Math.max(Math.floor((wide + GAP_Y) / step), Math.min(loose.length, Math.ceil(Math.sqrt(loose.length * 0.5))));
    loose.forEach((name, index) =>
      at.set(name, { x: PAD + (index % across) * step, y: from + Math.floor(index / across) * (HEIGHT + GAP_Y) }),
    );
    const bottom = loose.length ? from + Math.ceil(loose.length / across) * (HEIGHT + GAP_Y) - GAP_Y : PAD + size.height;
    return { at, bends, width: Math.max(wide, Math.min(loose.length, across) * step - GAP_Y) + 2 * PAD, height: bottom + PAD };
  }

  // Boxes in rows, in their order, so that all of them are as large as can be on a screen of this size. Each gets room for a head.
  function pack(boxes, screen, gap, head) {
    const rows = limit => {
      let x = 0,
        y = 0,
        row = 0,
        width = 1;
      for (const box of boxes) {
        if (x > 0 && x + box.width > limit) {
          x = 0;
          y += row + gap;
          row = 0;
        }
        box.x = x;
        box.y = y;
        x += box.width + gap;
        row = Math.max(row, box.height + head);
        width = Math.max(width, x - gap);
      }
      return { width, height: y + row };
    };
    const scale = size => Math.min(screen.width / size.width, screen.height / size.height);
    const widest = Math.max(1, ...boxes.map(box => box.width)),
      total = boxes.reduce((sum, box) => sum + box.width + gap, 0);
    let best = widest,
      most = 0;
    for (let step = 0; step <= 40; step += 1) {
      const limit = widest + (total - widest) * (step / 40) ** 2,
        reached = scale(rows(limit));
      if (reached > most * 1.001) {
        most = reached;
        best = limit;
      }
    }
    return rows(best);
  }

  // Groups for those that nobody grouped: each joins the one that most of its neighbours are in, while there is room.
  function communities(members, links) {
    const near = new Map(members.map(name => [name, []]));
    for (const { from, to } of links)
      if (from !== to) {
        near.get(from).push(to);
        near.get(to).push(from);
      }
    const label = new Map(members.map(name => [name, name])),
      size = new Map(members.map(name => [name, 1]));
    for (let round = 0; round < 10; round += 1) {
      let changed = false;
      for (const name of members) {
        const votes = new Map();
        for (const other of near.get(name)) votes.set(label.get(other), (votes.get(label.get(other)) || 0) + 1);
        const own = label.get(name);
        let best = own,
          most = (votes.get(own) || 0) + 0.5;
        for (const [other, count] of votes)
          if (count > most && size.get(other) < 40) {
            best = other;
            most = count;
          }
        if (best === own) continue;
        size.set(own, size.get(own) - 1);
        size.set(best, size.get(best) + 1);
        label.set(name, best);
        changed = true;
      }
      if (!changed) break;
    }
    // Crumbs go to whom they have most to do with; a group is named for the one with most neighbours.
    for (const name of members) {
      if (size.get(label.get(name)) > 2) continue;
      const other = near.get(name).find(other => size.get(label.get(other)) > 2);
      if (other) {
        size.set(label.get(name), size.get(label.get(name)) - 1);
        label.set(name, label.get(other));
        size.set(label.get(name), size.get(label.get(name)) + 1);
      }
    }
    const found = new Map(),
      result = new Map();
    for (const name of members) {
      if (!found.has(label.get(name))) found.set(label.get(name), []);
      found.get(label.get(name)).push(name);
    }
    for (const group of found.values()) {
      const hub = group.reduce((a, b) => (near.get(b).length > near.get(a).length ? b : a));
      for (const name of group) result.set(name, group.length > 2 ? hub : near.get(name).length ? 'small groups' : 'no calls');
    }
    return result;
  }

  return { WIDTH, HEIGHT, group, pack, communities };
})();
