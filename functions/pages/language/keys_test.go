package language

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// elsewhere has the values whose texts the tests find where they are written: the entries of the
// menu, what act is called with, the days of the week, the reasons for quarantine, and words of the API.
var elsewhere = []string{
	"done", "link.Label", "group.Heading", "kit.Word", "one.Meaning", "d.reason.Meaning", "d.reason.Advice", "readable",
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
	for _, path := range matching(t, directory, "*.go") {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if function, ok := node.(*ast.FuncDecl); ok && function.Name.Name == "T" {
				return false // it passes on the keys of its callers
			}
			for _, expression := range naming(node, path) {
				if key, ok := text(expression); ok {
					keys[key] = path
				} else if name, hidden := hiddenKey(node, expression); hidden {
					t.Errorf("%s: T(%s): the tests do not see its translation; name a text or a title", path, name)
				}
			}
			return true
		})
	}
	return keys
}

// hiddenKey returns the name of a variable that T translates and whose texts the tests do not find.
func hiddenKey(node ast.Node, key ast.Expr) (name string, hidden bool) {
	if _, called := node.(*ast.CallExpr); !called {
		return "", false
	}
	switch key.(type) {
	case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr:
		name = types.ExprString(key)
		return name, !strings.HasSuffix(name, "Title") && !slices.Contains(elsewhere, name)
	}
	return "", false
}

// naming returns the expressions of a node that are keys: what T translates, what act says when it
// is done, the titles, and the entries of the menu.
func naming(node ast.Node, path string) []ast.Expr {
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
			return node.Values
		}
	case *ast.CompositeLit:
		if filepath.Base(path) != "menu.go" {
			return nil
		}
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
