package identity

import (
	"bytes"
	"encoding/json"
	"strings"
)

// MaskJSON masks the people in a document that the program stored, such as what changed in an entry
// of the audit log. A document without any stays as it is, and one that cannot be read is left out.
func MaskJSON(document json.RawMessage) json.RawMessage {
	if len(document) == 0 {
		return document
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber() // large numbers stay exact
	if decoder.Decode(&value) != nil {
		return nil
	}
	if !maskValue(value) {
		return document
	}
	masked, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	return masked
}

// maskValue masks the people in a value, and reports whether there were any.
func maskValue(value any) bool {
	changed := false
	switch value := value.(type) {
	case map[string]any:
		return maskObject(value)
	case []any:
		for _, one := range value {
			changed = maskValue(one) || changed
		}
	}
	return changed
}

// maskObject masks the fields of an object that have people in them. A person is an object with an
// address; one who works for the provider is marked as an agent.
func maskObject(object map[string]any) bool {
	if agent, _ := object["agent"].(bool); agent {
		return false
	}
	_, person := object["email"]
	changed := false
	for name, value := range object {
		switch value := value.(type) {
		case string:
			masked := value
			if mask := maskOf(name, person, object); mask != nil {
				masked = mask(value)
			}
			object[name], changed = masked, changed || masked != value
		case []any:
			changed = maskList(name, value) || maskValue(value) || changed
		default:
			changed = maskValue(value) || changed
		}
	}
	for _, name := range []string{"user_agent", "phone", "phone2"} {
		if _, has := object[name]; has {
			delete(object, name)
			changed = true
		}
	}
	return changed
}

// maskOf returns how to mask the text of a field; nil for a field without people.
func maskOf(name string, person bool, object map[string]any) func(string) string {
	switch name {
	case "email", "from", "address", "envelope_from":
		return MaskEmail
	case "first_name", "last_name", "person_name", "invited_by":
		return MaskName
	case "name":
		if person {
			return MaskName
		}
	case "by_name":
		// Who asks for a consent works for the provider; who decides does so only if it says so.
		_, decision := object["granted"]
		if provider, _ := object["by_provider"].(bool); decision && !provider || object["event"] != nil {
			return MaskName
		}
	case "actor_name":
		if side, _ := object["actor_side"].(string); side != "support" {
			return MaskName
		}
	case "watchers", "cc":
		return MaskNames
	case "src_ip", "source":
		return func(text string) string {
			if masked := MaskSource(text); masked != "" {
				return masked
			}
			return MaskText(text)
		}
	case "mail", "mail_failure", "not_notified", "detail", "reason", "quarantined_mail":
		return func(text string) string { return MaskText(text) }
	}
	return nil
}

// maskList masks a list of addresses, and reports whether it is one.
func maskList(name string, list []any) bool {
	if name != "recipients" && name != "cc" && name != "email" {
		return false
	}
	changed := false
	for i, value := range list {
		if text, ok := value.(string); ok {
			list[i], changed = MaskEmail(text), true
		}
	}
	return changed
}

// MaskNames masks names that are separated by commas.
func MaskNames(text string) string {
	people := strings.Split(text, ", ")
	for i, name := range people {
		people[i] = MaskName(name)
	}
	return strings.Join(people, ", ")
}
