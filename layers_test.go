// Package tenantry_test holds the tests of the repository's structure.
package tenantry_test

import (
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/tenantry/tenantry/"

// layers lists the packages from the bottom to the top, by the longest matching prefix. A package
// imports its own layer and those before it. Layers that are on one line of the table stand side by
// side.
var layers = []struct {
	prefix string
	level  int
}{
	{"shared/cputime", 0},
	{"shared/fault", 0},
	{"shared/extension", 1},
	{"shared/outward", 0},
	{"shared/seal", 0},
	{"shared/spreadsheet", 2},
	{"shared/store", 1},
	{"shared/budget", 0},
	{"shared/limit", 2},
	{"shared/change", 2},
	{"shared/mail", 2},
	{"shared/search", 2},
	{"shared/identity", 3},
	{"shared/audit", 4},
	{"shared/tracing", 4},
	{"shared/deadletter", 4},
	{"shared/feedback", 4},
	{"shared/job", 4},
	{"shared/tenant", 4},
	{"shared/bastion", 5},
	{"shared/bastion/signature", 1},
	{"shared/support/servicelevel", 5},
	{"shared/support/attachment", 5},
	{"shared/support/mailthread", 8},
	{"shared/support/supportmail", 8},
	{"shared/support/desk", 6},
	{"shared/support", 7},
	{"shared/support/rating", 8},
	{"shared/support/upload", 8},
	{"shared/support/schedule", 8},
	{"shared/support/lists", 8},
	{"shared/support/handover", 8},
	{"shared/support/intake", 9},
	{"shared/support/notification", 9},
	{"shared/support/casejobs", 9},
	{"shared/support/services", 10},
	{"shared/tenant/life", 10}, // what ends with an organization is in many domains
	{"shared/apptest", 11},
	{"shared/support/supporttest", 12},
	{"functions/grant", 13},
	{"functions/endpoint", 14},
	{"functions/worker", 14},
	{"functions", 15},
	{"functions/catalog", 16},
	{"functions/gateway", 14},
	{"functions/invocation", 17},
	{"infra", 18},
}

// levelOf gives the layer of a folder.
func levelOf(folder string) (level int, known bool) {
	longest := -1
	for _, layer := range layers {
		if (folder == layer.prefix || strings.HasPrefix(folder, layer.prefix+"/")) && len(layer.prefix) > longest {
			longest, level, known = len(layer.prefix), layer.level, true
		}
	}
	return level, known
}

func TestImportsLeadDownwards(t *testing.T) {
	seen := 0
	eachImport(t, func(folder, file, imported string) {
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		seen++
		from, known := levelOf(folder)
		to, other := levelOf(imported)
		if !known || !other {
			t.Errorf("%s imports %s: one of the two has no layer. Give it one in layers_test.go.", file, imported)
			return
		}
		main := folder == "functions" // the program that AWS starts stands above everything in its folder
		if to > from && !main {
			t.Errorf("%s imports %s, which is above it.", file, imported)
		}
	})
	if seen < 500 {
		t.Fatalf("only %d imports were looked at", seen)
	}
}

func TestSharedPackagesKnowNeitherFunctionsNorInfra(t *testing.T) {
	eachImport(t, func(folder, file, imported string) {
		if !strings.HasSuffix(file, "_test.go") && strings.HasPrefix(folder, "shared/") &&
			!strings.HasPrefix(imported, "shared/") {
			t.Errorf("%s imports %s", file, imported)
		}
	})
}

func TestTheProgramForOneMachineLinksNoPackageOfTheAWSSDK(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "./infra/local").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, dependency := range strings.Fields(string(out)) {
		if strings.Contains(dependency, "/aws-sdk-go-v2") || strings.Contains(dependency, "/smithy-go") {
			t.Errorf("infra/local links %s", dependency)
		}
	}
	if !bytes.Contains(out, []byte(module+"functions/catalog")) {
		t.Fatalf("the dependencies were not listed:\n%s", out)
	}
}

// skipped reports whether a folder holds what is built, stored or hidden, and no source of the project.
func skipped(file string, entry fs.DirEntry) bool {
	return slices.Contains([]string{"build", "bin", "data"}, file) || strings.HasPrefix(entry.Name(), ".") && file != "."
}

// eachImport calls visit for every import of one of the module's own packages.
func eachImport(t *testing.T, visit func(folder, file, imported string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && skipped(file, entry) {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(file, ".go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if own, ok := strings.CutPrefix(imported, module); ok {
				visit(path.Dir(filepath.ToSlash(file)), file, own)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
