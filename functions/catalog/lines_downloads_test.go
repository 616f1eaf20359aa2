package catalog_test

import (
	"context"
	"strings"
	"time"
)

// downloadLines returns the lines of the endpoints whose names begin with "downloads.".
func downloadLines() map[string]line {
	return map[string]line{
		"downloads.get":     {path: download},
		"downloads.receive": {path: uploadLink, body: with(object{multipartFile: "a.txt"})},
	}
}

func uploadLink(i *installation) string {
	url, _, err := i.FileLinks().
		UploadForm(context.Background(), "uploads/"+unique(i), "text/plain", 1<<20, time.Minute)
	check(i.t, err)
	return url[strings.Index(url, "/uploads/"):]
}

func download(i *installation) string {
	got := i.call("org write", "GET", attachment(i), "", nil)
	link := decode(i.t, got)["content_url"].(string)
	return link[strings.Index(link, "/downloads/"):]
}
