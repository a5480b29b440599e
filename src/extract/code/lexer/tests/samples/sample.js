#!/usr/bin/env node
const a = b / c / 'd'; // e
const expression = /['"`/]/g.test(x) && /[/\]"]+/.exec(y);
// A comment, and then an expression that begins a line.
const list = [
  // "first"
  /\\(['"])/, /* second */ /b\/'/i,
];
let i = 0;
i++ / 2; "x"; i-- / 3; 'y';
const half = (a + b) / 2, third = list[0] / 3, name = `a ${b({ c: `d ${'}'} e` })} // f`;
const url = 'https://example.com/*'; const continued = 'a \
b\' c';
if (a < b / c && d > e / f) { call(`\`${x}\`` + "\\"); }
switch (a) { case'x': break; default: break }
const replaced = text.replace(/</g, '&lt;').replace(/>/g, "&gt;").split(/\s*[,;]\s*/);
