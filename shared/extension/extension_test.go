package extension_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
)

func raw(text string) json.RawMessage { return json.RawMessage(text) }

func TestGivenFieldsReplaceKeptOnesAndNullRemovesThem(t *testing.T) {
	kept, err := extension.Fields(nil).With(extension.Fields{"a": raw(`{"x": [1, 2]}`), "b": raw(`"y"`)}, extension.Small)
	if err != nil {
		t.Fatal(err)
	}
	again, err := kept.With(extension.Fields{"b": raw("null"), "c": raw("3")}, extension.Small)
	if err != nil || !again.Equal(extension.Fields{"a": raw(`{"x":[1,2]}`), "c": raw("3")}) {
		t.Errorf("%s, %v", again, err)
	}
	if len(kept) != 2 {
		t.Errorf("the fields before the change became %s", kept)
	}
}

func TestAnObjectCannotCarryMoreFieldsThanItsLimits(t *testing.T) {
	many := extension.Fields{}
	for n := range 65 {
		many[fmt.Sprint("f", n)] = raw("1")
	}
	for what, given := range map[string]extension.Fields{
		"many":  many,
		"deep":  {"a": raw(strings.Repeat("[", 7) + strings.Repeat("]", 7))},
		"large": {"a": raw(`"` + strings.Repeat("x", extension.Large) + `"`)},
		"name":  {strings.Repeat("n", 65): raw("1")},
		"empty": {"": raw("1")},
		"huge":  {"a": raw(`{"b": [-1e999]}`)},
	} {
		if _, err := extension.Fields(nil).With(given, extension.Large); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	half := raw(`"` + strings.Repeat("x", extension.Small/2) + `"`)
	kept, err := extension.Fields(nil).With(extension.Fields{"a": half}, extension.Small)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kept.With(extension.Fields{"b": half}, extension.Small); !fault.Is(err, fault.Invalid) {
		t.Errorf("a second half that does not fit: %v", err)
	}
	if _, err := kept.With(extension.Fields{"a": half}, extension.Small); err != nil {
		t.Errorf("the same again: %v", err)
	}
}

// TestAnObjectIsGivenBackWithItsFields holds that the JSON form has each field once, and that the
// object's own fields win.
func TestAnObjectIsGivenBackWithItsFields(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fields := extension.Fields{}
		for name, value := range rapid.MapOfN(rapid.StringN(1, 8, 32), rapid.String(), 0, 5).Draw(t, "fields") {
			text, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			fields[name] = text
		}
		fields["name"] = raw(`"stranger"`)
		data, err := extension.Marshal(struct {
			Name string `json:"name"`
		}{"own <&>"}, fields)
		if err != nil {
			t.Fatal(err)
		}
		var back map[string]any
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		if back["name"] != "own <&>" || !strings.Contains(string(data), "own <&>") {
			t.Errorf("%s", data)
		}
		for name, value := range fields {
			var want any
			_ = json.Unmarshal(value, &want) // written above
			if name != "name" && back[name] != want {
				t.Errorf("%q: %v, want %v", name, back[name], want)
			}
		}
	})
	empty, err := extension.Marshal(struct{}{}, extension.Fields{"a": raw("1")})
	if err != nil || string(empty) != `{"a":1}` {
		t.Errorf("%s, %v", empty, err)
	}
}

// TestASecretIsNotKept holds for every object: its fields are read by everybody who sees it, and are in the
// audit log.
func TestASecretIsNotKept(t *testing.T) {
	for name, value := range map[string]string{
		"password": `"copper lantern"`, "current_password": `"copper lantern"`, "x": `[{"api_token": "abc"}]`, "key": `"abc"`,
		"nested": `{"device": {"private_key": "abc"}}`,
	} {
		_, err := extension.Fields(nil).With(extension.Fields{name: raw(value)}, extension.Small)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %s: %v", name, value, err)
		}
	}
	harmless := extension.Fields{"requires_password": raw("true"), "tokens": raw(`["a"]`), "token": raw(`""`)}
	if _, err := extension.Fields(nil).With(harmless, extension.Small); err != nil {
		t.Error(err)
	}
}
