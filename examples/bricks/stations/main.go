package main

import (
	"encoding/json"
	"net/http"
)

type station struct {
	Name     string `json:"name"`
	Open     bool   `json:"open"`
	Bicycles int    `json:"bicycles"`
}

func main() {
	all := []station{{Name: "harbour", Open: true, Bicycles: 12}}
	http.HandleFunc("/v1/stations", func(w http.ResponseWriter, _ *http.Request) { json.NewEncoder(w).Encode(all) })
	http.ListenAndServe(":8080", nil)
}
