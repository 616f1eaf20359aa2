package tenantry_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// testName matches the name of a test where a document names it.
var testName = regexp.MustCompile("`(Test[A-Za-z0-9_]*)`")

// testFunction matches the declaration of a test.
var testFunction = regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9_]*)\(`)

func TestEveryTestThatTheSecurityPageNamesExists(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	err = filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && skipped(file, entry) {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(file, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(file)
		for _, match := range testFunction.FindAllSubmatch(source, -1) {
			declared[string(match[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := testName.FindAllSubmatch(page, -1)
	if len(named) < 100 {
		t.Errorf("docs/security.md names %d tests: its table cannot be read", len(named))
	}
	for _, match := range named {
		if name := string(match[1]); !declared[name] {
			t.Errorf("docs/security.md names %s, which does not exist. Name the test that holds the rule now, or say what is left.",
				name)
		}
	}
}

// Every chapter of the standard is in the table, and each row says something of what holds it or is left.
func TestTheSecurityPageHasEveryChapterOfTheStandard(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]int{
		"V1": 5, "V2": 4, "V3": 7, "V4": 4, "V5": 4, "V6": 8, "V7": 6, "V8": 4, "V9": 2, "V10": 1, "V11": 7, "V12": 3, "V13": 4,
		"V14": 3, "V15": 4, "V16": 5, "V17": 1,
	}
	rows := map[string]int{}
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		chapter, _, isSection := strings.Cut(strings.TrimSpace(cells[0]), ".")
		if _, known := sections[chapter]; !strings.HasPrefix(line, "| V") || !isSection || !known {
			continue
		}
		rows[chapter]++
		if len(cells) != 4 || strings.TrimSpace(cells[1]) == "" {
			t.Errorf("a row must have four cells, the second of which says what holds it: %s", line)
		}
	}
	for chapter, want := range sections {
		if rows[chapter] != want {
			t.Errorf("%s has %d rows, want %d", chapter, rows[chapter], want)
		}
	}
}

// dependency matches a module that go.mod requires directly.
var dependency = regexp.MustCompile(`(?m)^\t(\S+) v\S+$`)

// majorVersion matches the end of a module's path.
var majorVersion = regexp.MustCompile(`/v[0-9]+$`)

// A row of docs/dependencies.md names a module by its path, or by the path of the repository and, in
// parentheses, the last part of its own.
func TestEveryDependencyIsExplained(t *testing.T) {
	module, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join("docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	explained := map[string]bool{}
	for line := range strings.Lines(string(page)) {
		cell, _, row := strings.Cut(strings.TrimPrefix(line, "| "), " |")
		if !row || !strings.HasPrefix(line, "| ") {
			continue
		}
		repository := ""
		for _, word := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(" ,;()", r) }) {
			if strings.Contains(word, "/") {
				repository = word
				explained[word] = true
			}
			explained[repository+" "+word] = true
		}
	}
	direct := dependency.FindAllSubmatch(module, -1)
	if len(direct) < 30 {
		t.Fatalf("go.mod requires %d modules: it cannot be read", len(direct))
	}
	for _, match := range direct {
		name := string(match[1])
		whole := majorVersion.ReplaceAllString(name, "")
		found := explained[name] || explained[whole]
		for parent := path.Dir(whole); parent != "."; parent = path.Dir(parent) {
			found = found || explained[parent+" "+path.Base(whole)]
		}
		if !found {
			t.Errorf("docs/dependencies.md has no line for %s: say what it is for, who keeps it, and what else was looked at",
				name)
		}
	}
}
