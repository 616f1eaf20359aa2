package blob_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/store/blob"
)

// form is a shorter and slower ValidKey.
var form = regexp.MustCompile(`^[a-z0-9_-]{1,64}(/[a-z0-9_-]{1,64}){0,7}$`)

func TestKeysHaveTheFormOfFoldersAndAName(t *testing.T) {
	for key, want := range map[string]bool{
		"a": true, "cases/0-9/a_b": true, "1/2/3/4/5/6/7/8": true, strings.Repeat("x", 64): true,
		strings.Repeat("x", 64) + "/y": true,
		"":                             false, "/": false, "/a": false, "a/": false, "a//b": false,
		"1/2/3/4/5/6/7/8/9": false, strings.Repeat("x", 65): false,
		"..": false, "a/../b": false, "a.b": false, "A": false, "a b": false, "a\n": false, "ä": false, "a\x00": false,
		"a\xff": false, `a\b`: false,
	} {
		if got := blob.ValidKey(key); got != want {
			t.Errorf("%q: %t, want %t", key, got, want)
		}
	}
}

func TestValidKeySaysWhatTheFormSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.OneOf(rapid.String(), rapid.StringMatching(`([a-z0-9_-]{0,66}/){0,9}[a-c_.-]{0,3}`)).Draw(t, "key")
		if got, want := blob.ValidKey(key), form.MatchString(key); got != want {
			t.Errorf("%q: ValidKey says %t, the expression %t", key, got, want)
		}
	})
}
