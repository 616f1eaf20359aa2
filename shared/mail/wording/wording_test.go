package wording

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// writers are the folders whose files write mails.
var writers = []string{"../outgoing", "../../../functions/mail"}

// keysOfMails returns the keys that the source of mails names, with the file that names each. It reports
// keys that are not written where they are used: nobody would see that their translation is missing.
func keysOfMails(t *testing.T) map[string]string {
	t.Helper()
	keys := map[string]string{}
	for _, folder := range writers {
		paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(node ast.Node) bool {
				call, ok := node.(*ast.CallExpr)
				if !ok {
					return true
				}
				if called, ok := call.Fun.(*ast.SelectorExpr); ok && called.Sel.Name == "T" && len(call.Args) > 0 {
					key, ok := text(call.Args[0])
					if !ok {
						t.Errorf("%s: a sentence that T translates is not written there", path)
					}
					keys[key] = path
				}
				return true
			})
		}
	}
	if len(keys) < 80 {
		t.Fatalf("found only %d keys in the mails", len(keys))
	}
	return keys
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

func TestEverySentenceOfMailsIsTranslatedIntoGerman(t *testing.T) {
	keys, german := keysOfMails(t), german()
	for key, file := range keys {
		if german[key] == "" {
			t.Errorf("%s: %q has no German sentence: see german*.go", file, key)
		}
	}
	for key := range german {
		if keys[key] == "" {
			t.Errorf("no mail says %q any more: remove it from german*.go", key)
		}
	}
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([a-z%])`)

// verbs returns the verbs of a sentence with the places of their values, as in "1d 2s".
func verbs(sentence string) []string {
	var found []string
	for i, match := range verb.FindAllStringSubmatch(sentence, -1) {
		place := match[1]
		if place == "" {
			place = strconv.Itoa(i + 1)
		}
		found = append(found, place+match[2])
	}
	slices.Sort(found)
	return found
}

func TestATranslationHasTheValuesOfItsSentence(t *testing.T) {
	for key, sentence := range german() {
		if want, got := verbs(key), verbs(sentence); !slices.Equal(got, want) {
			t.Errorf("%q has the values %v, its translation %q has %v", key, want, sentence, got)
		}
	}
}

func TestASentenceIsWrittenInTheLanguageOfItsReader(t *testing.T) {
	for language, want := range map[Language]string{
		"": "Bo opened case 1042", "en": "Bo opened case 1042", "fr": "Bo opened case 1042",
		German: "Bo hat Fall 1042 eröffnet",
	} {
		if got := language.T("%[1]s opened case %[2]s", "Bo", "1042"); got != want {
			t.Errorf("%q: %q, want %q", language, got, want)
		}
		if got := language.Code(); language == German && got != "de" || language != German && got != "en" {
			t.Errorf("%q has the code %q", language, got)
		}
	}
}
