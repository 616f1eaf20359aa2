package language

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The calls that name a sentence in a template: by its text, and by a title or a value.
var (
	literals = regexp.MustCompile(`\.T\(\s*("(?:[^"\\]|\\.)*"(?:\s*\+\s*"(?:[^"\\]|\\.)*")*)`)
	names    = regexp.MustCompile(`\.T\(\s*([A-Za-z][\w.]*)`)
)

// elsewhere has the values whose texts the tests find where they are written: the entries of the
// menu, what act is called with, the days of the week, and the reasons for quarantine.
var elsewhere = []string{
	"done", "link.Label", "group.Heading", "kit.Word", "one.Meaning", "d.reason.Meaning", "d.reason.Advice",
}

// keysOfPages returns the keys that the source of the pages names, with the file that names each.
func keysOfPages(t *testing.T) map[string]string {
	t.Helper()
	keys := make(map[string]string)
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && path != filepath.Join("..", "language") {
			for key, file := range keysOfPackage(t, path) {
				keys[key] = file
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(keys) < 500 {
		t.Fatalf("found only %d keys in the pages", len(keys))
	}
	return keys
}

func keysOfPackage(t *testing.T, directory string) map[string]string {
	t.Helper()
	keys := make(map[string]string)
	titles := make(map[string]string)
	for _, path := range matching(t, directory, "*.go") {
		if strings.HasSuffix(path, "_templ.go") || strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			for _, expression := range naming(node, titles) {
				if key, ok := text(expression); ok {
					keys[key] = path
				} else if name, hidden := hiddenKey(node, expression); hidden {
					t.Errorf("%s: T(%s): the tests do not see its translation; name a text or a title", path, name)
				}
			}
			return true
		})
	}
	for _, path := range matching(t, directory, "*.templ") {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range literals.FindAllStringSubmatch(string(content), -1) {
			expression, err := parser.ParseExpr(found[1])
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			if key, ok := text(expression); ok {
				keys[key] = path
			}
		}
		for _, found := range names.FindAllStringSubmatch(string(content), -1) {
			if key, known := titles[found[1]]; known {
				keys[key] = path
			} else if !slices.Contains(elsewhere, found[1]) {
				t.Errorf("%s: T(%s): the tests do not see its translation; name a text or a title", path, found[1])
			}
		}
	}
	return keys
}

// hiddenKey returns the name of a variable that T translates and whose texts the tests do not find.
func hiddenKey(node ast.Node, key ast.Expr) (name string, hidden bool) {
	_, called := node.(*ast.CallExpr)
	variable, ok := key.(*ast.Ident)
	if !called || !ok || strings.HasSuffix(variable.Name, "Title") || slices.Contains(elsewhere, variable.Name) {
		return "", false
	}
	return variable.Name, true
}

// naming returns the expressions of a node that are keys: what T translates, what act says when it
// is done, the titles, and the entries of the menu. It collects the titles.
func naming(node ast.Node, titles map[string]string) []ast.Expr {
	switch node := node.(type) {
	case *ast.CallExpr:
		called, ok := node.Fun.(*ast.SelectorExpr)
		switch {
		case ok && called.Sel.Name == "T" && len(node.Args) > 0:
			return node.Args[:1]
		case ok && called.Sel.Name == "act" && len(node.Args) == 2:
			return node.Args[1:]
		}
	case *ast.ValueSpec:
		if len(node.Values) == 1 && strings.HasSuffix(node.Names[0].Name, "Title") {
			titles[node.Names[0].Name], _ = text(node.Values[0])
			return node.Values
		}
	case *ast.CompositeLit:
		var entries []ast.Expr
		for _, element := range node.Elts {
			pair, ok := element.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			if name, ok := pair.Key.(*ast.Ident); ok && (name.Name == "Label" || name.Name == "Group") {
				entries = append(entries, pair.Value)
			}
		}
		return entries
	}
	return nil
}

// text returns a string that is written in the source, also one of several parts.
func text(expression ast.Expr) (string, bool) {
	switch expression := expression.(type) {
	case *ast.BasicLit:
		value, err := strconv.Unquote(expression.Value)
		return value, err == nil && expression.Kind == token.STRING
	case *ast.BinaryExpr:
		left, ok := text(expression.X)
		right, also := text(expression.Y)
		return left + right, ok && also && expression.Op == token.ADD
	}
	return "", false
}

func matching(t *testing.T, directory, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(directory, pattern))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}
