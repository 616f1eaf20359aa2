package catalog_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
)

// verbs are the first words that the names of endpoints have behind their folder: one for each meaning.
func verbs() []string {
	return []string{
		"list", "search", "count", "get", "create", "clone", "change", "delete", // what can be done with most things
		"accept", "finish", "login", "logout", "recover", "setup", "step", // accounts
		"announce", "archive", "attach", "comment", "link", "merge", "rate", "restore", "split", "unarchive",
		"unlink", "unwatch", // cases
		"cancel", "retry", // jobs
		"stage", "unstage", // copies of organizations at the bastion
		"assign", "preview", // organizations: to whom they belong, what many would become
		"remove",                                                     // taken from what has it, not deleted
		"block", "rebuild", "release", "replay", "unblock", "verify", // the platform
		"receive", // downloads
	}
}

// TestWhatAnUnattendedSessionMustNotDoNeedsAFreshProof lists the endpoints that need one, so that
// nobody forgets it: passwords, tokens, consents, and giving and taking roles.
func TestWhatAnUnattendedSessionMustNotDoNeedsAFreshProof(t *testing.T) {
	want := map[string]endpoint.Freshness{
		"accounts.change_self": endpoint.FreshByRule, "accounts.create_token": endpoint.FreshByRule,
		"msps.create": endpoint.FreshByRule, "orgs.change": endpoint.FreshByRule,
		"msps.change_org":     endpoint.FreshByRule,
		"orgs.change_setting": endpoint.FreshByRule, "orgs.change_consent": endpoint.FreshSession,
		"orgs.change_msp": endpoint.FreshSession, "msps.assign_orgs": endpoint.FreshSession,
		"orgs.delete": endpoint.FreshSession, "msps.delete": endpoint.FreshSession, "msps.change_orgs": endpoint.FreshByRule,
		"platform.change_orgs": endpoint.FreshByRule, "bastion.change": endpoint.FreshSession,
	}
	for _, scope := range []string{"platform", "msp", "org"} {
		want["administrators.change_"+scope] = endpoint.FreshSession
		want["administrators.delete_"+scope] = endpoint.FreshSession
		want["administrators.create_invite_"+scope] = endpoint.FreshSession
		want["administrators.change_invite_"+scope] = endpoint.FreshSession
	}
	got := map[string]endpoint.Freshness{}
	for _, e := range catalog.Endpoints(catalog.Services{}) {
		if e.Fresh != endpoint.AnySession {
			got[e.Name] = e.Fresh
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryEndpointIsNamedForItsFolderAndAVerb(t *testing.T) {
	name := regexp.MustCompile(`^([a-z]+)\.([a-z]+)(_[a-z_]+)?$`)
	seen := map[string]bool{}
	for _, e := range catalog.Endpoints(catalog.Services{}) {
		parts := name.FindStringSubmatch(e.Name)
		if parts == nil || !slices.Contains(verbs(), parts[2]) {
			t.Errorf("%s: must be folder.verb; use a verb of verbs() in this file, or add one with a meaning of its own", e.Name)
			continue
		}
		if seen[e.Name] || e.Former != "" && seen[e.Former] {
			t.Errorf("%s is the name of two endpoints", e.Name)
		}
		seen[e.Name], seen[e.Former] = true, e.Former != ""
		if _, err := os.Stat(filepath.Join("..", parts[1])); err != nil {
			t.Errorf("%s: there is no such folder", e.Name)
		}
	}
}

// TestAnEndpointIsDeclaredInItsFolderByAFunctionOfItsName reads the declarations: "cases.list_own" is
// declared in functions/cases, by the function listOwn.
func TestAnEndpointIsDeclaredInItsFolderByAFunctionOfItsName(t *testing.T) {
	declared := 0
	files, err := filepath.Glob("../*/*.go")
	check(t, err)
	for _, path := range files {
		folder := filepath.Base(filepath.Dir(path))
		if strings.HasSuffix(path, "_test.go") || slices.Contains([]string{"endpoint", "catalog", "pages"}, folder) {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		check(t, err)
		for _, declaration := range file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || !returnsEndpoint(function) {
				continue
			}
			for _, name := range endpointNames(function) {
				declared++
				first, rest, _ := strings.Cut(name, ".")
				if first != folder {
					t.Errorf("%s: %s is declared outside its folder", path, name)
				}
				want := camel(strings.TrimSuffix(rest, "_"))
				named := function.Name.Name == want
				if want == "delete" || want == "recover" { // Go has these: the thing follows
					named = strings.HasPrefix(function.Name.Name, want)
				}
				if !named {
					t.Errorf("%s: %s is declared by %s, want %s", path, name, function.Name.Name, want)
				}
			}
		}
	}
	if declared < 100 {
		t.Errorf("only %d declarations were found", declared)
	}
}

func returnsEndpoint(function *ast.FuncDecl) bool {
	results := function.Type.Results
	if results == nil || len(results.List) != 1 {
		return false
	}
	selector, ok := results.List[0].Type.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "Endpoint"
}

// endpointNames returns the names in a declaration, or their beginnings where the scope follows.
func endpointNames(function *ast.FuncDecl) []string {
	name := regexp.MustCompile(`^[a-z]+\.[a-z_]+$`)
	var names []string
	ast.Inspect(function, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil && name.MatchString(text) &&
				!strings.HasPrefix(text, "body.") {
				names = append(names, text)
			}
		}
		return true
	})
	return names
}

// camel writes a name as Go does: "list_own" as "listOwn", "get_msp" as "getMSP".
func camel(name string) string {
	words := strings.Split(name, "_")
	for i, word := range words[1:] {
		switch word {
		case "msp", "html":
			words[i+1] = strings.ToUpper(word)
		default:
			words[i+1] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, "")
}
