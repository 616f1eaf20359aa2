// Package browser tests the portal with a real browser, Chromium, on the demo estate: what people
// of each audience see at every page they can reach, and their work as stories, with and without
// script and with the keyboard alone. It also compares pages with kept pictures, which `make pictures`
// takes anew. Its tests have the build tag "browser"; `make test-browser` runs them.
package browser
