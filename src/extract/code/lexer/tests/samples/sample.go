package sample

import "net/http"

/* A comment /* that does not nest. */
type Order struct {
	ID string `json:"id" db:"it's"` // "c"
}

var quote, slash, wide = '\'', '\\', '\u00e9'

func route(mux *http.ServeMux, m map[string][]int) int {
	mux.HandleFunc("/a//b/*", func(w http.ResponseWriter, r *http.Request) {})
	raw := `a \` + "`\"" + `
// no comment
`
	return len(raw) / m["a"][0] / int('"')
}
