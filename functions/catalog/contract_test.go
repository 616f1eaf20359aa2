package catalog_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
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

// TestASchemasNameBelongsToOneType holds that operations with the same body refer to the same schema, and
// that every reference leads to one.
func TestASchemasNameBelongsToOneType(t *testing.T) {
	data, err := endpoint.Document(catalog.Version, catalog.Endpoints(catalog.Services{}))
	check(t, err)
	var document struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct {
				Content map[string]struct {
					Schema struct {
						Ref string `json:"$ref"`
					} `json:"schema"`
				} `json:"content"`
			} `json:"responses"`
		} `json:"paths"`
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	check(t, json.Unmarshal(data, &document))
	refs := map[string]string{}
	for path, field := range map[string]string{
		"/msps/{msp_id}/tickets/count": "distinct", "/orgs/{org_id}/tickets/count": "distinct",
		"/msps/{msp_id}/cases/count": "distinct", "/orgs/{org_id}/cases/count": "distinct",
		"/msps/{msp_id}/logs/count": "total_is_lower_bound", "/orgs/{org_id}/logs/count": "total_is_lower_bound",
	} {
		ref := document.Paths[endpoint.Prefix+path]["get"].Responses["200"].Content["application/json"].Schema.Ref
		name := strings.TrimPrefix(ref, "#/components/schemas/")
		if _, has := document.Components.Schemas[name].Properties[field]; !has {
			t.Errorf("the answer of %s is %q, which has no %s", path, name, field)
		}
		refs[path] = name
	}
	for _, of := range []string{"tickets", "cases", "logs"} {
		if x, y := refs["/msps/{msp_id}/"+of+"/count"], refs["/orgs/{org_id}/"+of+"/count"]; x != y {
			t.Errorf("the counts of %s have the schemas %s and %s", of, x, y)
		}
	}
	if refs["/msps/{msp_id}/tickets/count"] == refs["/msps/{msp_id}/logs/count"] {
		t.Errorf("the counts of tickets and logs share the schema %s", refs["/msps/{msp_id}/logs/count"])
	}
}
