//go:build browser && pictures

package browser

import (
	"os"
	"path/filepath"
	"testing"
)

// TestMakeThePictures writes the pictures of the documents, and those that later pages are compared
// with.
func TestMakeThePictures(t *testing.T) {
	documents := filepath.Join("..", "..", "..", "docs", "pictures")
	shown := map[string]string{ // by the name of the scene and the view
		"msp-light": "msp.png", "cases-selected-light": "cases.png", "case-light": "case.png",
		"reports-light": "reports.png", "new-case-light": "refused.png", "organization-dark": "dark.png",
		"case-phone": "phone.png", "quarantine-light": "quarantine.png",
	}
	for _, folder := range []string{documents, keptPictures} {
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
	}
	portal := fixedEstate(t)
	for _, one := range scenes() {
		b := one.enter(t, portal)
		for _, v := range views() {
			picture, name := b.shoot(v), one.name+"-"+v.name
			writePicture(t, filepath.Join(keptPictures, name+".png"), picture)
			if file := shown[name]; file != "" {
				writePicture(t, filepath.Join(documents, file), picture)
				delete(shown, name)
			}
		}
	}
	if len(shown) > 0 {
		t.Errorf("no scene is called %v", shown)
	}
	if err := os.WriteFile(keptVersion, []byte(majorVersion(t)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}
