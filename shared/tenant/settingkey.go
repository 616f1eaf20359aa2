package tenant

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

const (
	// maxThreshold is the most minutes for which "down" is held back, maxIdle the longest time without
	// use that a session can be given, and maxPasswordDays and maxPasswordLength the most that a policy
	// asks of passwords.
	maxThreshold, maxIdle              = 240, 480
	maxPasswordDays, maxPasswordLength = 365, 128
	maxAccountNumber                   = 64
)

// KnownSetting are the keys of settings that Tenantry knows.
type KnownSetting struct {
	AccountNumber string         `json:"account_number"`
	Contact       Contact        `json:"contact"`
	Passwords     PasswordPolicy `json:"password_policy"`
	API           struct {
		Networks []string `json:"src_ips"`
	} `json:"api_policy"`
	IdleMinutes int `json:"ui_idle_timeout"`
}

// PasswordPolicy is what an organization asks of the passwords of its people.
type PasswordPolicy struct {
	Enabled          bool `json:"enabled"`
	MinLength        int  `json:"min_length"`
	SpecialCharacter bool `json:"requires_special_char"`
	Days             int  `json:"expiry_in_days"`
	SecondFactor     bool `json:"requires_two_factor_auth"`
}

// Known returns the keys that Tenantry knows, decoded.
func (s Setting) Known() (known KnownSetting, err error) {
	data, err := json.Marshal(s.Fields)
	if err != nil {
		return known, err
	}
	return known, json.Unmarshal(data, &known)
}

// enforced returns what the settings require of those who act in the organization; nil for nothing.
func (k KnownSetting) enforced() *identity.Enforced {
	required := &identity.Enforced{Networks: k.API.Networks, IdleMinutes: k.IdleMinutes}
	if asked := k.Passwords; asked.Enabled {
		required.Passwords = identity.PasswordPolicy{
			MinLength: asked.MinLength, SpecialCharacter: asked.SpecialCharacter, Days: asked.Days,
		}
	}
	if required.Equal(&identity.Enforced{}) {
		return nil
	}
	return required
}

// with returns the fields with given ones added or replaced; a fault of code Invalid if one breaks a
// rule.
func (s Setting) with(given extension.Fields, by identity.Principal) (extension.Fields, error) {
	checks := settingChecks()
	checked := make(extension.Fields, len(given))
	for key, value := range given {
		if err := checkSpelling(key, checks); err != nil {
			return nil, err
		}
		// Alone it must fit already: what follows is for small and flat values.
		if _, err := extension.Fields(nil).With(extension.Fields{key: value}, extension.Huge); err != nil {
			return nil, err
		}
		value, err := canonical(key, value)
		if err != nil {
			return nil, err
		}
		if string(value) != "null" {
			if key == contactKey {
				value, err = s.unmasked(value, by)
			}
			if check := checks[key]; check != nil && err == nil {
				value, err = check(key, value)
			}
			if err := errors.Join(err, extension.CheckSecrets(key, value)); err != nil {
				return nil, err
			}
		}
		checked[key] = value
	}
	return s.Fields.With(checked, extension.Huge)
}

// checkSpelling refuses a key that is a known one in other capitals: reading JSON into a struct takes
// one for the other, and the value would count without having been checked.
func checkSpelling(key string, checks map[string]func(string, json.RawMessage) (json.RawMessage, error)) error {
	for known := range checks {
		if key != known && strings.EqualFold(key, known) {
			return fault.InField(key, "must be written as %s", known)
		}
	}
	return nil
}

// canonical returns a value with the fields of objects in order, so that what programs write back in
// another order is the same.
func canonical(key string, value json.RawMessage) (json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(value))
	decoder.UseNumber() // numbers stay as they are
	var decoded any
	if err := decoder.Decode(&decoded); err != nil {
		return nil, fault.InField(key, "is not valid JSON")
	}
	return encoded(decoded)
}

func encoded(value any) (json.RawMessage, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSpace(text.Bytes()), err
}

// settingChecks returns what checks the value of each key that Tenantry knows, and returns it as it is
// stored: null if that is the same as nothing.
func settingChecks() map[string]func(key string, value json.RawMessage) (json.RawMessage, error) {
	minutes := checked(func(key string, minutes int) error { return checkRange(key, minutes, 0, maxThreshold) })
	return map[string]func(string, json.RawMessage) (json.RawMessage, error){
		accountNumberKey: checked(func(key, number string) error {
			return identity.CheckText(key, number, 0, maxAccountNumber)
		}),
		contactKey:                        checkContact,
		"password_policy":                 checked(checkPasswordPolicy),
		"api_policy":                      checked(checkAPIPolicy),
		"ui_idle_timeout":                 checked(func(key string, n int) error { return checkRange(key, n, 0, maxIdle) }),
		autoAssignmentKey:                 checkAutoAssignment,
		"device_updown_threshold":         minutes,
		"ap_updown_threshold":             minutes,
		"switch_updown_threshold":         minutes,
		"gateway_updown_threshold":        minutes,
		"gateway_tunnel_updown_threshold": minutes,
	}
}

// checked returns a check of a value of a type, which is stored as it was sent.
func checked[T any](check func(string, T) error) func(string, json.RawMessage) (json.RawMessage, error) {
	return func(key string, value json.RawMessage) (json.RawMessage, error) {
		decoded, err := decodeAs[T](key, value)
		if err != nil {
			return nil, err
		}
		return value, check(key, decoded)
	}
}

func decodeAs[T any](key string, value json.RawMessage) (decoded T, err error) {
	if json.Unmarshal(value, &decoded) != nil {
		return decoded, fault.InField(key, "is not of the type that the API's document says")
	}
	return decoded, nil
}

func checkRange(field string, value, least, most int) error {
	if value < least || value > most {
		return fault.InField(field, "must be %d to %d", least, most)
	}
	return nil
}

func checkPasswordPolicy(key string, policy PasswordPolicy) error {
	if policy.SecondFactor {
		return fault.InField(key+".requires_two_factor_auth", "cannot be true: there is no second factor yet")
	}
	if err := checkRange(key+".expiry_in_days", policy.Days, 0, maxPasswordDays); err != nil {
		return err
	}
	least := 0
	if policy.Enabled && policy.MinLength != 0 {
		least = identity.ShortestPassword // what everybody's has
	}
	return checkRange(key+".min_length", policy.MinLength, least, maxPasswordLength)
}

func checkAPIPolicy(key string, policy struct {
	Networks []string `json:"src_ips"`
},
) error {
	return identity.CheckNetworks(key+".src_ips", policy.Networks)
}

// checkAutoAssignment completes the rules that assign devices to sites: programs read both fields
// without looking whether they are there.
func checkAutoAssignment(key string, value json.RawMessage) (json.RawMessage, error) {
	rules, err := decodeAs[struct {
		Enable bool                         `json:"enable"`
		Rules  []map[string]json.RawMessage `json:"rules"`
	}](key, value)
	if err != nil {
		return nil, err
	}
	fields, err := decodeAs[map[string]json.RawMessage](key, value)
	if err != nil {
		return nil, err
	}
	if !rules.Enable && len(rules.Rules) == 0 && len(fields) <= 2 {
		return json.RawMessage("null"), nil
	}
	for name, usual := range map[string]string{"enable": "false", "rules": "[]"} {
		if text := string(fields[name]); text == "" || text == "null" {
			fields[name] = json.RawMessage(usual)
		}
	}
	return encoded(fields)
}
