//go:build cdk

package stacks

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const goldens = "../testdata"

// codeKey is the key of the program's zip file, which changes with the program.
var codeKey = regexp.MustCompile(`[0-9a-f]{64}\.zip`)

func TestTheTemplatesAreAsReviewed(t *testing.T) {
	want := map[string][]byte{}
	for name, template := range world(t, byEndpoint).templates {
		want[name+".template.json"] = template.raw
	}
	options := world(t, everything).templates
	for _, name := range []string{"tenantry-edge", "tenantry-firewall", "tenantry-watch", "tenantry-queues",
		"tenantry-cases"} {
		want["everything/"+name+".template.json"] = options[name].raw
	}
	for name := range want {
		want[name] = append(codeKey.ReplaceAll(want[name], []byte("CODE.zip")), '\n')
	}
	want["domain-name/tenantry-gateway.template.json"] = append(world(t, ownDomain).templates["tenantry-gateway"].raw,
		'\n')
	compare(t, goldens, "*.template.json", want)
	compare(t, goldens, "domain-name/*.template.json", want)
	compare(t, goldens, "everything/*.template.json", want)
}

func TestThePoliciesOfTheFunctionsAreAsReviewed(t *testing.T) {
	w := world(t, byEndpoint)
	want := map[string][]byte{}
	for _, f := range functionsOf(t, w) {
		var policy bytes.Buffer
		encoder := json.NewEncoder(&policy)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(f.policy); err != nil {
			t.Fatal(err)
		}
		want["policies/"+f.declared.Name+".json"] = policy.Bytes()
	}
	compare(t, goldens, "policies/*.json", want)
}

// compare compares golden files that match a pattern with the generated content, or rewrites them.
func compare(t *testing.T, folder, pattern string, generated map[string][]byte) {
	t.Helper()
	want := map[string]string{}
	for name, content := range generated {
		if matches, _ := filepath.Match(pattern, name); matches {
			want[name] = string(content)
		}
	}
	old, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		for _, path := range old {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
		for name, content := range want {
			path := filepath.Join(folder, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	got := map[string]string{}
	for _, path := range old {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name, _ := filepath.Rel(folder, path)
		got[name] = string(content)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want))); diff != "" {
		t.Errorf("golden files that exist (-) and that should exist (+); -update rewrites them:\n%s", diff)
	}
	for name, content := range want {
		if golden, there := got[name]; there && golden != content {
			t.Errorf("%s changed; review the change, then run with -update:\n%s", name, cmp.Diff(golden, content))
		}
	}
}
