package extension

import (
	"encoding/json"
	"strings"

	"github.com/tenantry/tenantry/shared/fault"
)

// CheckSecrets refuses a value with a password, token or key in it: what is kept with an object is read
// by everybody who sees the object, and is in the audit log. It takes a pass for each level of the value.
func CheckSecrets(at string, value json.RawMessage) error {
	name := at[strings.LastIndexByte(at, '.')+1:]
	if isSecret(name) && len(value) > 2 && value[0] == '"' {
		return fault.InField(at, "looks like a secret, and everybody who sees the object reads it: leave it out")
	}
	var fields map[string]json.RawMessage
	var items []json.RawMessage
	switch {
	case json.Unmarshal(value, &fields) == nil:
		for name, inner := range fields {
			if err := CheckSecrets(at+"."+name, inner); err != nil {
				return err
			}
		}
	case json.Unmarshal(value, &items) == nil:
		for _, inner := range items {
			if err := checkItem(at, inner); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkItem checks an item of a list, which has no name of its own.
func checkItem(at string, value json.RawMessage) error {
	if len(value) > 0 && value[0] == '"' {
		return nil
	}
	return CheckSecrets(at, value)
}

// isSecret reports whether a field is one in which other portals have secrets.
func isSecret(name string) bool {
	for _, ending := range []string{"password", "token", "secret", "api_key", "private_key"} {
		if strings.HasSuffix(name, ending) {
			return true
		}
	}
	return name == "key"
}
