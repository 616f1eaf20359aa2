package catalog_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestTheDocumentOfTheAPIIsTheCommittedOne compares the API's document with the golden file, so
// that every change of the contract is reviewed.
func TestTheDocumentOfTheAPIIsTheCommittedOne(t *testing.T) {
	document, err := endpoint.Document(catalog.Version, catalog.Endpoints(catalog.Services{}))
	check(t, err)
	document = append(document, '\n')
	golden := filepath.Join("testdata", "openapi.json")
	if *update {
		check(t, os.WriteFile(golden, document, 0o600))
	}
	want, err := os.ReadFile(golden)
	check(t, err)
	if !bytes.Equal(document, want) {
		t.Error("the API's document changed: run 'make golden' and review the difference of testdata/openapi.json")
	}
}

// TestTheVersionIsThatOfTheNewestRelease compares the API's version with the newest release in the
// changelog: it changes with a release, not with every change.
func TestTheVersionIsThatOfTheNewestRelease(t *testing.T) {
	changelog, err := os.ReadFile(filepath.Join("..", "..", "CHANGELOG.md"))
	check(t, err)
	newest := regexp.MustCompile(`(?m)^## \[?([0-9]+\.[0-9]+\.[0-9]+)\]?`).FindSubmatch(changelog)
	if newest == nil {
		t.Fatal("CHANGELOG.md has no release heading such as '## 0.3.0'")
	}
	if string(newest[1]) != catalog.Version {
		t.Errorf("the newest release in CHANGELOG.md is %s, catalog.Version is %s: make them equal",
			newest[1], catalog.Version)
	}
}
