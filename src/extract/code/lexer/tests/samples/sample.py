#!/usr/bin/env python3
"""It's a 'documentation' # no comment"""
a = f'{b["c"]} {d!r:>{width}} {{e}} {f"{g}"}'  # it's a comment
h = f"{i['j']}" + rb'\'' + r"\"" + u'k' + '''l ' "m" \''' ''' + "#"
n = f"{o["p"]}" if 7 // 2 else "q \
r's # no comment"
s = b"\x00" f"{t:%Y-%m-%d}" + F"{{{u}}}"
def v(w: dict[str, list[int]] = {"x": [1]}) -> "y": return (w, (1, 2)[0])
