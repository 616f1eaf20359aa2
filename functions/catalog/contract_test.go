package catalog_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestAChangedContractHasANewVersion compares the API's document with the committed one. A version stands for one
// document for ever: with -update a changed document is taken only under a new version.
func TestAChangedContractHasANewVersion(t *testing.T) {
	document, err := endpoint.Document(catalog.Version, catalog.Endpoints(catalog.Services{}))
	check(t, err)
	document = append(document, '\n')
	sum := sha256.Sum256(document)
	line := catalog.Version + " " + hex.EncodeToString(sum[:])
	golden, versions := filepath.Join("testdata", "openapi.json"), filepath.Join("testdata", "versions.txt")
	known, err := os.ReadFile(versions)
	check(t, err)
	for _, other := range strings.Split(string(known), "\n") {
		if strings.HasPrefix(other, catalog.Version+" ") && other != line {
			t.Fatalf("the API's document changed, but its version is still %s: change catalog.Version, then run with -update", catalog.Version)
		}
	}
	if *update && !strings.Contains(string(known), line) {
		check(t, os.WriteFile(versions, append(known, line+"\n"...), 0o600))
		check(t, os.WriteFile(golden, document, 0o600))
		return
	}
	want, err := os.ReadFile(golden)
	check(t, err)
	if !bytes.Equal(document, want) || !strings.Contains(string(known), line) {
		t.Errorf("the API's document is not the committed one: change catalog.Version, run with -update, and look at the difference")
	}
}
