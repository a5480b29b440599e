package main

import "net/http"

func main() {
	http.HandleFunc("/status", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("open")) })
	http.ListenAndServe(":8080", nil)
}
