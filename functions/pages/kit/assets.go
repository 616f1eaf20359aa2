package kit

import (
	"crypto/sha256"
	_ "embed" // the files of the folder assets
	"encoding/hex"
	"net/http"
	"strings"
)

//go:embed assets/portal.css
var styleSheet []byte

//go:embed assets/portal.js
var script []byte

//go:embed assets/htmx-2.0.11.min.js
var htmx []byte

//go:embed assets/icons.svg
var icons []byte

//go:embed assets/icon.svg
var icon []byte

// assets are the files that the pages load. File names include part of a content hash, so browsers
// can cache them forever.
type assets struct {
	styles, script, htmx, icons, icon string
	files                             map[string]http.Handler
}

func loadAssets() assets {
	a := assets{files: map[string]http.Handler{}}
	a.styles = a.add("portal.css", "text/css; charset=utf-8", styleSheet)
	a.script = a.add("portal.js", "text/javascript; charset=utf-8", script)
	a.htmx = a.add("htmx.js", "text/javascript; charset=utf-8", htmx)
	a.icons = a.add("icons.svg", "image/svg+xml", icons)
	a.icon = a.add("icon.svg", "image/svg+xml", icon)
	return a
}

func (a assets) add(name, contentType string, content []byte) string {
	digest := sha256.Sum256(content)
	stem, extension, _ := strings.Cut(name, ".")
	path := "/assets/" + stem + "-" + hex.EncodeToString(digest[:6]) + "." + extension
	a.files[path] = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		_, _ = w.Write(content) // fails only if the browser has disconnected
	})
	return path
}
