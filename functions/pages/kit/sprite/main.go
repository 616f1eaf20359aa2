// Command sprite joins the icons of the portal into one picture: each line of a list names an SVG file
// of a folder, which becomes a symbol with that name. `make icons` runs it on the Lucide icons.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// shape matches the content of an icon, which is all that differs between them.
var shape = regexp.MustCompile(`(?s)<svg[^>]*>(.*)</svg>`)

func main() {
	list := flag.String("list", "icons.txt", "the names of the icons, one per line")
	folder := flag.String("from", "", "the folder with the SVG files")
	to := flag.String("to", "assets/icons.svg", "the file to write")
	flag.Parse()
	if err := write(*list, *folder, *to); err != nil {
		log.Fatal(err)
	}
}

func write(list, folder, to string) error {
	names, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	var sprite bytes.Buffer
	sprite.WriteString(`<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide icons, ISC licence, https://lucide.dev/license -->` + "\n")
	for _, name := range strings.Fields(string(names)) {
		icon, err := os.ReadFile(filepath.Join(folder, name+".svg")) //nolint:gosec // files that the developer names
		if err != nil {
			return err
		}
		found := shape.FindSubmatch(icon)
		if found == nil {
			return fmt.Errorf("%s.svg is no icon", name)
		}
		content := strings.Join(strings.Fields(string(found[1])), " ")
		fmt.Fprintf(&sprite, `<symbol id="%s" viewBox="0 0 24 24">%s</symbol>`+"\n", name, content)
	}
	sprite.WriteString("</svg>\n")
	return os.WriteFile(to, sprite.Bytes(), 0o644) //nolint:gosec // a file of the repository, for everybody
}
